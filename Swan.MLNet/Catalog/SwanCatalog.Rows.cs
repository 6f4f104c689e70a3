using Microsoft.ML;
using Swan.MLNet.DataViews;

namespace Swan.MLNet;

public sealed partial class SwanCatalog
{
    /// <summary>Saves rows as <c>mlContext.Data.SaveAsBinary</c> does, so that the file is there whole or not at all.</summary>
    /// <remarks>
    /// Embedding takes long: a file of embeddings is worth keeping, and half of one, left by a killed program, must not pass for all of it.
    /// <c>mlContext.Data.LoadFromBinary</c> reads the file. The rows are read once, on the calling thread.
    /// </remarks>
    /// <param name="rows">Any rows, such as those of <c>AppendSwanEmbedding</c>.</param>
    /// <param name="path">The file, such as <c>embedded.idv</c>. Its folder is created; a file that is there is replaced when the new one
    /// is whole.</param>
    /// <exception cref="IOException">The file can't be written; what was there before stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file can't be written to.</exception>
    public void SaveRows(IDataView rows, string path)
    {
        ArgumentNullException.ThrowIfNull(rows);
        AtomicFile.Write(path, stream => new OwnCatalogs(Context).Data.SaveAsBinary(rows, stream));
    }
}
