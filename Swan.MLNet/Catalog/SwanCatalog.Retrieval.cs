using Microsoft.ML;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;
using Swan.MLNet.Evaluation;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet;

public sealed partial class SwanCatalog
{
    /// <summary>Builds a searchable index from a column of embeddings; reads the data once.</summary>
    /// <param name="data">The rows, such as the output of <c>SwanEmbedding</c>.</param>
    /// <param name="embeddingColumnName">Vector&lt;Single, D&gt;. Rows that are not of unit length are scaled to it; rows with missing
    /// values (NaN), or all zero, are left out, counted in <see cref="SwanIndex.SkippedRows"/> and logged as a warning.</param>
    /// <param name="keyColumnName">Text that a search returns, such as the image's path. Null: the row's number, from 0.</param>
    /// <param name="model">The model that made the embeddings, such as <c>model.Card.Identity</c>. Null: the model that the column names,
    /// if it comes straight from a SWAN embedding. Queries of another model are refused.</param>
    /// <param name="cancellationToken">Cancels the work at the next row.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="SwanMismatchException">The column has embeddings of another model.</exception>
    /// <exception cref="SwanRowException">A row's key is empty, or no row has a usable embedding.</exception>
    /// <exception cref="SwanNothingEmbeddedException">
    /// There are no rows, or a SWAN embedding before this skipped all of them or made all of them missing values.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public SwanIndex BuildIndex(
        IDataView data, string embeddingColumnName, string? keyColumnName = null, ModelIdentity? model = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(embeddingColumnName);
        EmbeddingColumn embeddings = EmbeddingColumn.Find(data.Schema, embeddingColumnName, nameof(data));
        DataViewSchema.Column? keys = keyColumnName is null ? null : Columns.FindText(data.Schema, keyColumnName, nameof(data));
        if (!ModelIdentity.Agree(embeddings.Model, model))
        {
            throw new SwanMismatchException(
                $"The column '{embeddingColumnName}' holds embeddings of {embeddings.Model}, not of {model}. "
                + "Leave the model out, or embed with it.");
        }

        IHost host = MlNetEnvironment.Host(Environment, "Swan");
        var builder = new SwanIndexBuilder(embeddings.Size);
        float[] values = new float[embeddings.Size];
        long rows = 0, firstSkipped = -1;
        using PassTotals totals = PassTotals.Observe();
        using (DataViewRowCursor cursor = data.GetRowCursor(keys is { } named ? [embeddings.Column, named] : [embeddings.Column]))
        {
            Action<Span<float>> read = embeddings.Reader(cursor);
            Func<string>? key = keys is { } column ? Columns.TextReader(cursor, column) : null;
            while (cursor.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                rows++;
                read(values);
                string? text = key?.Invoke();
                if (key is not null && SwanIndexBuilder.KeyFault(text) is { } fault)
                {
                    throw new SwanRowException(
                        cursor.Position, keyColumnName!, $"The key of row {cursor.Position} (column '{keyColumnName}') {fault}");
                }
                if (!builder.Add(values, text) && firstSkipped < 0) firstSkipped = cursor.Position;
            }
        }
        totals.ThrowIfNothingEmbedded(embeddingColumnName);
        if (rows == 0)
        {
            throw new SwanNothingEmbeddedException(
                0, "The data has no rows, so no search could find anything. Check the folder, file or query that the rows come from. "
                + "To make an empty index, use SwanIndex.Build.");
        }
        if (builder.SkippedRows > 0)
        {
            MlNetEnvironment.Warning(host, "BuildIndex",
                $"{builder.SkippedRows:N0} rows can't be found, because their '{embeddingColumnName}' has missing values or is all zero; "
                + $"the first is row {firstSkipped}.");
        }
        SwanIndex index = builder.Finish(model ?? embeddings.Model, embeddings.Range, embeddingColumnName);
        MlNetEnvironment.Info(host, "BuildIndex",
            $"{index.Count:N0} rows of {index.EmbeddingSize} values{(index.Model is null ? "" : $" of {index.Model}")}");
        return index;
    }

    /// <summary>Loads an index that <see cref="SwanIndex.Save(string)"/> wrote.</summary>
    /// <param name="path">The <c>.swanindex</c> file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SwanFormatException">It is not an index, is damaged, or needs another version.</exception>
    public SwanIndex LoadIndex(string path)
    {
        SwanIndex index = SwanIndex.Load(path);
        MlNetEnvironment.Info(
            MlNetEnvironment.Host(Environment, "Swan"), "LoadIndex",
            $"{index.Count:N0} rows of {index.EmbeddingSize} values{(index.Model is null ? "" : $" of {index.Model}")}");
        return index;
    }

    /// <summary>Measures how well images and their captions find each other: R@K, mR, ranks and scene recall.</summary>
    /// <param name="images">One row per image.</param>
    /// <param name="captions">One row per caption; every image has at least one.</param>
    /// <param name="embeddingColumnName">Vector&lt;Single, D&gt; in both views.</param>
    /// <param name="imageKeyColumnName">Text in both views that assigns captions to images. In <paramref name="images"/>, each key occurs
    /// once.</param>
    /// <param name="sceneColumnName">Text in <paramref name="images"/>: the image's scene, empty if it has none. Null: no scene
    /// recall.</param>
    /// <param name="captionEmbeddingColumnName">The embedding column's name in <paramref name="captions"/>, if it differs.</param>
    /// <param name="captionImageKeyColumnName">The key column's name in <paramref name="captions"/>, if it differs.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="SwanMismatchException">The two views' embeddings are of different lengths, models or ranges.</exception>
    /// <exception cref="SwanRowException">A row can't be used; the message names row and column.</exception>
    /// <exception cref="SwanNothingEmbeddedException">
    /// There were rows, and a SWAN embedding before this skipped all of them or made all of them missing values.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public RetrievalMetrics EvaluateRetrieval(
        IDataView images, IDataView captions, string embeddingColumnName = "Embedding", string imageKeyColumnName = "ImagePath",
        string? sceneColumnName = null,
        string? captionEmbeddingColumnName = null, string? captionImageKeyColumnName = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(captions);
        var imageColumns = RetrievalColumns.Find(images.Schema, embeddingColumnName, imageKeyColumnName, sceneColumnName, nameof(images));
        var captionColumns = RetrievalColumns.Find(
            captions.Schema, captionEmbeddingColumnName ?? embeddingColumnName, captionImageKeyColumnName ?? imageKeyColumnName, null,
            nameof(captions));
        RetrievalColumns.ThrowIfNotComparable(imageColumns, captionColumns);
        EmbeddedImages embeddedImages = EmbeddedImages.Read(images, imageColumns, cancellationToken);
        EmbeddedCaptions embeddedCaptions = EmbeddedCaptions.Read(captions, captionColumns, embeddedImages, cancellationToken);
        return RetrievalEvaluator.Evaluate(embeddedImages, embeddedCaptions, cancellationToken);
    }
}
