using Microsoft.ML;
using Swan.MLNet.DataViews;

namespace Swan.MLNet;

public sealed partial class SwanCatalog
{
    /// <summary>Saves rows like <c>mlContext.Data.SaveAsBinary</c>, but writes the file completely or not at all.</summary>
    /// <remarks>
    /// Embedding takes long, so a file of embeddings is worth keeping. A killed program must not leave half of one that looks complete.
    /// <c>mlContext.Data.LoadFromBinary</c> reads the file. The rows are read once, on the calling thread.
    /// </remarks>
    /// <param name="rows">Any rows, such as the output of <c>AppendSwanEmbedding</c>.</param>
    /// <param name="path">The file, such as <c>embedded.idv</c>. Its folder is created; an existing file is replaced when the new one is
    /// complete.</param>
    /// <exception cref="IOException">The file can't be written; an existing file is kept.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file can't be written to.</exception>
    public void SaveRows(IDataView rows, string path)
    {
        ArgumentNullException.ThrowIfNull(rows);
        AtomicFile.Write(path, stream => new OwnCatalogs(Context).Data.SaveAsBinary(rows, stream));
    }
}
