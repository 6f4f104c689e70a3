using Microsoft.ML;
using Swan.MLNet.DataViews;
using Swan.MLNet.Search;

namespace Swan.MLNet;

public sealed partial class SwanCatalog
{
    /// <summary>Builds a living index in a folder from columns of embeddings, keys and values; reads the data once.</summary>
    /// <param name="data">The rows, such as the output of <c>SwanEmbedding</c>.</param>
    /// <param name="folder">A folder without an index; it is created. If the build fails, it is left as it was.</param>
    /// <param name="embeddingColumnName">Vector&lt;Single, D&gt;; rows with missing values (NaN), or all zero, are left out.</param>
    /// <param name="keyColumnName">Text, different in each row, such as the image's path. Of rows with the same key, the last is
    /// kept.</param>
    /// <param name="valueColumnNames">
    /// Columns for filters: text, numbers, Boolean, DateTime, DateTimeOffset, and vectors of 2 (points) or 4 (boxes) Single or
    /// Double. Empty text and NaN are missing values. Null: none.
    /// </param>
    /// <param name="settings">
    /// Overrides the embedding column's model and range, and the float32 scan. Its embedding size must be D, and its columns come before
    /// those of the data. Null: no overrides.
    /// </param>
    /// <param name="cancellationToken">Cancels the work at the next row.</param>
    /// <returns>The index, which the caller disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="ArgumentException">The settings are not valid, or don't match the data's embeddings.</exception>
    /// <exception cref="IOException">The folder holds an index already, or can't be written to.</exception>
    /// <exception cref="SwanRowException">A row's key is empty, or a column can't store its value.</exception>
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
        using var unfinished = new UnfinishedIndex(folder);
        SwanLiveIndex index = SwanLiveIndex.Create(folder, rows.Settings(settings));
        unfinished.IsCreated = true;
        try
        {
            SwanIndexChanges changes = rows.AddTo(index, MlNetEnvironment.Host(Environment, "Swan"), "BuildLiveIndex", cancellationToken);
            if (changes.Added == 0)
            {
                throw new SwanNothingEmbeddedException(
                    changes.Skipped, "The data has no row that a search could find. Check the folder, file or query that the rows "
                    + "come from. To make an index without rows, use SwanLiveIndex.Create.");
            }
        }
        catch
        {
            index.Dispose();
            throw;
        }
        unfinished.Keep();
        return index;
    }

    /// <summary>
    /// Adds rows of embeddings, keys and values to a living index, or replaces those with the same keys, in one commit; reads the data
    /// once.
    /// </summary>
    /// <remarks>
    /// Rows that are already stored with the same content change nothing. New value columns are added to the index. A replaced row keeps
    /// its values in columns that are not named here.
    /// </remarks>
    /// <param name="index">The index; it must have no other writer meanwhile.</param>
    /// <param name="data">The rows, such as the output of <c>SwanEmbedding</c>.</param>
    /// <param name="embeddingColumnName">Vector&lt;Single, D&gt; of the index's model; rows with missing values (NaN), or all zero, are
    /// left out.</param>
    /// <param name="keyColumnName">Text, different in each row, such as the image's path. Of rows with the same key, the last is
    /// kept.</param>
    /// <param name="valueColumnNames">Columns for filters, of the types of <see cref="BuildLiveIndex"/>. Null: none.</param>
    /// <param name="cancellationToken">Cancels the work at the next row; the index stays as it was.</param>
    /// <returns>The numbers of added, replaced, unchanged and skipped rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="ArgumentException">The index has a column of the same name and another type.</exception>
    /// <exception cref="SwanMismatchException">The column's embeddings are of another model, size or range than the index's.</exception>
    /// <exception cref="SwanIndexLockedException">The index has another writer.</exception>
    /// <exception cref="IOException">The index can't be written to; it is as it was.</exception>
    /// <exception cref="SwanFormatException">The index is damaged; it is as it was.</exception>
    /// <exception cref="SwanRowException">A row's key is empty, or a column can't store its value; the index is as it was.</exception>
    /// <exception cref="SwanNothingEmbeddedException">An earlier SWAN embedding could not embed any of its rows.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public SwanIndexChanges AddToIndex(
        SwanLiveIndex index, IDataView data, string embeddingColumnName = "Embedding", string keyColumnName = "ImagePath",
        IReadOnlyList<string>? valueColumnNames = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        LiveIndexRows rows = LiveIndexRows.Find(data, embeddingColumnName, keyColumnName, valueColumnNames);
        return rows.AddTo(index, MlNetEnvironment.Host(Environment, "Swan"), "AddToIndex", cancellationToken);
    }
}
