using Microsoft.ML;
using Swan.MLNet.DataViews;
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
            EmbeddingColumn.Find(schema, embedding, view), Columns.FindText(schema, key, view), scene is null ? null : Columns.FindText(schema, scene, view), view);
    }

    /// <exception cref="SwanMismatchException">The two views' embeddings are of different lengths or models.</exception>
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
                + "their scores would mean nothing. Embed both with the same model.");
        }
    }

    /// <summary>Reads the view once, row by row, and gives the embeddings at unit length.</summary>
    /// <param name="data">The view.</param>
    /// <param name="take">Gets the row's position, its key and its scene (null without one).</param>
    /// <param name="cancellationToken">Ends the work at the next row.</param>
    /// <exception cref="SwanRowException">An embedding has no direction.</exception>
    public float[] Read(IDataView data, Action<long, string, string?> take, CancellationToken cancellationToken)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(Scene is { } named ? [Embedding.Column, Key, named] : [Embedding.Column, Key]);
        Action<Span<float>> embedding = Embedding.Reader(cursor);
        Func<string> key = Columns.TextReader(cursor, Key);
        Func<string>? scene = Scene is { } column ? Columns.TextReader(cursor, column) : null;
        var all = new List<float>();
        float[] values = new float[Embedding.Size], unit = new float[Embedding.Size];
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            embedding(values);
            if (!UnitVector.TryNormalize(values, unit))
                throw Fault(cursor.Position, Embedding.Column, "has missing or infinite values, or is all zero, so it can't be ranked. Leave the row out of both views");
            all.AddRange(unit);
            take(cursor.Position, key(), scene?.Invoke() is { Length: > 0 } text ? text : null);
        }
        return [.. all];
    }

    /// <summary>An error that names row, column and view.</summary>
    public SwanRowException Fault(long row, DataViewSchema.Column column, string what) =>
        new(row, column.Name, $"Row {row} (column '{column.Name}') of the {View} {what}.");
}

/// <summary>The images of an evaluation.</summary>
/// <param name="Embeddings">images × D, unit length.</param>
/// <param name="Number">Each image's index, by key.</param>
/// <param name="Scenes">By image; null for no scene recall.</param>
internal sealed record EmbeddedImages(float[] Embeddings, Dictionary<string, int> Number, IReadOnlyList<string?>? Scenes)
{
    public static EmbeddedImages Read(IDataView data, RetrievalColumns columns, CancellationToken cancellationToken)
    {
        var number = new Dictionary<string, int>(StringComparer.Ordinal);
        var scenes = new List<string?>();
        float[] embeddings = columns.Read(data, (row, key, scene) =>
        {
            if (key.Length == 0) throw columns.Fault(row, columns.Key, "is empty; expected the image's key");
            if (!number.TryAdd(key, number.Count)) throw columns.Fault(row, columns.Key, $"has the key '{key}', which an earlier row has already. Each image needs a key of its own");
            scenes.Add(scene);
        }, cancellationToken);
        if (number.Count == 0)
            throw new SwanRowException(null, columns.Key.Name, "The images have no rows, so there is nothing to evaluate.");
        return new EmbeddedImages(embeddings, number, columns.Scene is null ? null : scenes);
    }
}

/// <summary>The captions of an evaluation.</summary>
/// <param name="Embeddings">captions × D, unit length.</param>
/// <param name="Image">Each caption's image, by its index.</param>
internal sealed record EmbeddedCaptions(float[] Embeddings, int[] Image)
{
    public static EmbeddedCaptions Read(IDataView data, RetrievalColumns columns, EmbeddedImages images, CancellationToken cancellationToken)
    {
        var image = new List<int>();
        var captioned = new bool[images.Number.Count];
        float[] embeddings = columns.Read(data, (row, key, _) =>
        {
            if (!images.Number.TryGetValue(key, out int number)) throw columns.Fault(row, columns.Key, $"names the image '{key}', which is not among the images");
            image.Add(number);
            captioned[number] = true;
        }, cancellationToken);
        int without = captioned.Count(c => !c);
        if (without > 0)
        {
            string first = images.Number.First(n => !captioned[n.Value]).Key;
            throw new SwanRowException(
                images.Number[first], columns.Key.Name,
                $"{without} of {captioned.Length} images have no caption, such as '{first}' (row {images.Number[first]}), "
                + "so they can't be found by one. Leave them out, or add their captions.");
        }
        return new EmbeddedCaptions(embeddings, [.. image]);
    }
}
