using Microsoft.ML;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Evaluation;

/// <summary>The images of an evaluation.</summary>
/// <param name="Embeddings">images × D, unit length.</param>
/// <param name="Number">Each image's index, by key.</param>
/// <param name="Scenes">By image; null for no scene recall.</param>
internal sealed record EmbeddedImages(EmbeddingBlocks Embeddings, Dictionary<string, int> Number, IReadOnlyList<string?>? Scenes)
{
    public static EmbeddedImages Read(IDataView data, RetrievalColumns columns, CancellationToken cancellationToken)
    {
        var number = new Dictionary<string, int>(StringComparer.Ordinal);
        var scenes = new List<string?>();
        EmbeddingBlocks embeddings = columns.Read(data, (row, key, scene) =>
        {
            if (key.Length == 0) throw columns.Fault(row, columns.Key, "is empty; expected the image's key");
            if (!number.TryAdd(key, number.Count))
            {
                throw columns.Fault(row, columns.Key,
                    $"has the key '{key}', which an earlier row already has. Each image needs its own key");
            }
            scenes.Add(scene);
        }, cancellationToken);
        if (number.Count == 0)
            throw new SwanRowException(null, columns.Key.Name, "The images have no rows, so there is nothing to evaluate.");
        return new EmbeddedImages(embeddings, number, columns.Scene is null ? null : scenes);
    }
}
