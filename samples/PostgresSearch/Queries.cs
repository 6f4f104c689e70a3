using Microsoft.Extensions.AI;
using Swan.MLNet.Generators;
using Swan.MLNet.Models;

namespace PostgresSearch;

/// <summary>Words or an image as a query: whatever takes a generator of Microsoft.Extensions.AI can make one this way.</summary>
internal static class Queries
{
    public static Task<float[]> OfWordsAsync(SwanModel model, string words, CancellationToken cancellationToken = default) =>
        EmbedAsync(new SwanCaptionEmbeddingGenerator(model), words, cancellationToken);

    public static async Task<float[]> OfImageAsync(SwanModel model, string file, CancellationToken cancellationToken = default) =>
        await EmbedAsync(new SwanImageEmbeddingGenerator(model), await DataContent.LoadFromAsync(file, null, cancellationToken),
            cancellationToken);

    private static async Task<float[]> EmbedAsync<T>(
        IEmbeddingGenerator<T, Embedding<float>> generator, T value, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<float> vector = await generator.GenerateVectorAsync(value, cancellationToken: cancellationToken);
        return vector.ToArray();
    }
}
