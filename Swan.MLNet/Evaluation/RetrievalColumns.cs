using Microsoft.ML;
using Swan.MLNet.DataViews;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Evaluation;

/// <summary>Which columns of a data view an evaluation reads.</summary>
internal sealed record RetrievalColumns(EmbeddingColumn Embedding, DataViewSchema.Column Key, DataViewSchema.Column? Scene, string View)
{
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public static RetrievalColumns Find(DataViewSchema schema, string embedding, string key, string? scene, string view)
    {
        ArgumentException.ThrowIfNullOrEmpty(embedding);
        ArgumentException.ThrowIfNullOrEmpty(key);
        return new(
            EmbeddingColumn.Find(schema, embedding, view), Columns.FindText(schema, key, view),
            scene is null ? null : Columns.FindText(schema, scene, view), view);
    }

    /// <exception cref="SwanMismatchException">The two views' embeddings are of different lengths, models or ranges.</exception>
    public static void ThrowIfNotComparable(RetrievalColumns images, RetrievalColumns captions)
    {
        if (images.Embedding.Size != captions.Embedding.Size)
        {
            throw new SwanMismatchException(
                $"The images' column '{images.Embedding.Column.Name}' has embeddings of {images.Embedding.Size} values, "
                + $"but the captions' column '{captions.Embedding.Column.Name}' of {captions.Embedding.Size}. "
                + "Embed both with the same model.");
        }
        if (!ModelIdentity.Agree(images.Embedding.Model, captions.Embedding.Model))
        {
            throw new SwanMismatchException(
                $"The images were embedded with {images.Embedding.Model}, but the captions with {captions.Embedding.Model}: "
                + $"{ModelIdentity.Consequence(images.Embedding.Model, captions.Embedding.Model)} Embed both with the same model.");
        }
        if (!GivenRange.Agree(images.Embedding.Range, captions.Embedding.Range))
        {
            throw new SwanMismatchException(
                $"The images' column '{images.Embedding.Column.Name}' was read with {images.Embedding.Range}, but the column "
                + $"'{captions.Embedding.Column.Name}' with {captions.Embedding.Range}: {GivenRange.Consequence}.");
        }
    }

    /// <summary>Reads the view once, row by row, and gives the embeddings at unit length.</summary>
    /// <param name="data">The view.</param>
    /// <param name="take">Gets the row's position, its key and its scene (null without one).</param>
    /// <param name="cancellationToken">Ends the work at the next row.</param>
    /// <exception cref="SwanRowException">An embedding has no direction.</exception>
    public EmbeddingBlocks Read(IDataView data, Action<long, string, string?> take, CancellationToken cancellationToken)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(Scene is { } named ? [Embedding.Column, Key, named] : [Embedding.Column, Key]);
        Action<Span<float>> embedding = Embedding.Reader(cursor);
        Func<string> key = Columns.TextReader(cursor, Key);
        Func<string>? scene = Scene is { } column ? Columns.TextReader(cursor, column) : null;
        var all = new EmbeddingBlocks(Embedding.Size);
        float[] values = new float[Embedding.Size];
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            embedding(values);
            if (!UnitVector.TryNormalize(values, all.Next()))
            {
                throw Fault(cursor.Position, Embedding.Column,
                    "has missing or infinite values, or is all zero, so it can't be ranked. Leave the row out of both views");
            }
            all.Keep();
            take(cursor.Position, key(), scene?.Invoke() is { Length: > 0 } text ? text : null);
        }
        return all;
    }

    /// <summary>An error that names row, column and view.</summary>
    public SwanRowException Fault(long row, DataViewSchema.Column column, string what) =>
        new(row, column.Name, $"Row {row} (column '{column.Name}') of the {View} {what}.");
}
