using Microsoft.ML;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Evaluation;

/// <summary>The captions of an evaluation.</summary>
/// <param name="Embeddings">captions × D, unit length.</param>
/// <param name="Image">Each caption's image, by its index.</param>
internal sealed record EmbeddedCaptions(EmbeddingBlocks Embeddings, int[] Image)
{
    public static EmbeddedCaptions Read(
        IDataView data, RetrievalColumns columns, EmbeddedImages images, CancellationToken cancellationToken)
    {
        var image = new List<int>();
        var captioned = new bool[images.Number.Count];
        EmbeddingBlocks embeddings = columns.Read(data, (row, key, _) =>
        {
            if (!images.Number.TryGetValue(key, out int number))
                throw columns.Fault(row, columns.Key, $"names the image '{key}', which is not among the images");
            image.Add(number);
            captioned[number] = true;
        }, cancellationToken);
        int without = captioned.Count(c => !c);
        if (without > 0)
        {
            string first = images.Number.First(n => !captioned[n.Value]).Key;
            throw new SwanRowException(images.Number[first], columns.Key.Name,
                $"{without} of {captioned.Length} images have no caption, such as '{first}' (row {images.Number[first]}), "
                + "so they can't be found by one. Leave them out, or add their captions.");
        }
        return new EmbeddedCaptions(embeddings, [.. image]);
    }
}
