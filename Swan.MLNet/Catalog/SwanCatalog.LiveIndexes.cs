using Microsoft.ML;
using Swan.MLNet.DataViews;
using Swan.MLNet.Search;

namespace Swan.MLNet;

public sealed partial class SwanCatalog
{
    /// <summary>Builds a living index in a folder from columns of embeddings, keys and values; reads the data once.</summary>
    /// <param name="data">Such as what <c>SwanEmbedding</c> gives.</param>
    /// <param name="folder">A folder that holds no index; it is created. Where the build fails, it is as before.</param>
    /// <param name="embeddingColumnName">Vector&lt;Single, D&gt;; rows with missing values (NaN), or all zero, are left out.</param>
    /// <param name="keyColumnName">Text, another one in each row, such as the image's path. Of rows with one key, the last stays.</param>
    /// <param name="valueColumnNames">
    /// Columns that filters name later: text, numbers, Boolean, DateTime, DateTimeOffset, and vectors of 2 (points) or 4 (boxes) Single or
    /// Double. Empty text and NaN are missing values. Null: none.
    /// </param>
    /// <param name="settings">
    /// Model, range and scan where they are not to be what the embeddings' column says, and float32; its embedding size must be D, and its
    /// columns come before those of the data. Null: as said.
    /// </param>
    /// <param name="cancellationToken">Ends the work at the next row.</param>
    /// <returns>The index, which the caller disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="ArgumentException">The settings are not valid, or have other embeddings than the data.</exception>
    /// <exception cref="IOException">The folder holds an index already, or can't be written to.</exception>
    /// <exception cref="SwanRowException">A row's key is empty, or a column can't have its value.</exception>
    /// <exception cref="SwanNothingEmbeddedException">
    /// There are no rows, or a SWAN embedding before this skipped all of them or made all of them missing values.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public SwanLiveIndex BuildLiveIndex(
        IDataView data, string folder, string embeddingColumnName = "Embedding", string keyColumnName = "ImagePath",
        IReadOnlyList<string>? valueColumnNames = null, SwanIndexSettings? settings = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        LiveIndexRows rows = LiveIndexRows.Find(data, embeddingColumnName, keyColumnName, valueColumnNames);
        bool isNew = !Directory.Exists(folder);
        SwanLiveIndex? index = SwanLiveIndex.Create(folder, rows.Settings(settings));
        try
        {
            SwanIndexChanges changes = rows.AddTo(index, MlNetEnvironment.Host(Environment, "Swan"), "BuildLiveIndex", cancellationToken);
            if (changes.Added == 0)
            {
                throw new SwanNothingEmbeddedException(
                    changes.Skipped, "The data has no row that could be found, so no search could find anything. Check the folder, file or "
                    + "query that the rows come from. SwanLiveIndex.Create makes an index without rows where that is wanted.");
            }
            SwanLiveIndex built = index;
            index = null;
            return built;
        }
        finally
        {
            if (index is not null)
            {
                bool removed = RemoveManifest(index);
                index.Dispose();
                if (removed && isNew) Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>
    /// Adds rows of embeddings, keys and values to a living index, or replaces those of their keys, in one commit; reads the data once.
    /// </summary>
    /// <remarks>
    /// Rows that are there as they are given change nothing. A column of values that the index doesn't have is added; values of columns
    /// that are not named here are missing in replaced rows.
    /// </remarks>
    /// <param name="index">The index, which nobody writes meanwhile.</param>
    /// <param name="data">Such as what <c>SwanEmbedding</c> gives.</param>
    /// <param name="embeddingColumnName">Vector&lt;Single, D&gt; of the index's model; rows with missing values (NaN), or all zero, are
    /// left out.</param>
    /// <param name="keyColumnName">Text, another one in each row, such as the image's path. Of rows with one key, the last stays.</param>
    /// <param name="valueColumnNames">Columns that filters name, of the types of <see cref="BuildLiveIndex"/>. Null: none.</param>
    /// <param name="cancellationToken">Ends the work at the next row; the index is as it was.</param>
    /// <returns>What became of the rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="ArgumentException">The index has a column of the name and another type.</exception>
    /// <exception cref="SwanMismatchException">The column's embeddings are of another model, size or range than the index's.</exception>
    /// <exception cref="SwanIndexLockedException">Somebody writes the index.</exception>
    /// <exception cref="IOException">The index can't be written to; it is as it was.</exception>
    /// <exception cref="SwanFormatException">The index is damaged; it is as it was.</exception>
    /// <exception cref="SwanRowException">A row's key is empty, or a column can't have its value; the index is as it was.</exception>
    /// <exception cref="SwanNothingEmbeddedException">A SWAN embedding before this could embed none of its rows.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public SwanIndexChanges AddToIndex(
        SwanLiveIndex index, IDataView data, string embeddingColumnName = "Embedding", string keyColumnName = "ImagePath",
        IReadOnlyList<string>? valueColumnNames = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        LiveIndexRows rows = LiveIndexRows.Find(data, embeddingColumnName, keyColumnName, valueColumnNames);
        return rows.AddTo(index, MlNetEnvironment.Host(Environment, "Swan"), "AddToIndex", cancellationToken);
    }

    // Whoever writes the folder by now keeps it.
    private static bool RemoveManifest(SwanLiveIndex index)
    {
        try
        {
            using SwanIndexWriter writer = index.OpenWriter();
            if (index.Count > 0) return false;
            File.Delete(new IndexFolder(index.Folder).Manifest);
            return true;
        }
        catch (SwanIndexLockedException)
        {
            return false;
        }
    }
}
