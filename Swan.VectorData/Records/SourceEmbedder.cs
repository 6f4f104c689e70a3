using Microsoft.Extensions.AI;

namespace Swan.VectorData.Records;

/// <summary>Embeds values of a type that is known only at run time.</summary>
internal abstract class SourceEmbedder
{
    /// <summary>The embedder of a type; null if the generator doesn't support it.</summary>
    public static SourceEmbedder? For(Type source, IEmbeddingGenerator generator) =>
        typeof(IEmbeddingGenerator<,>).MakeGenericType(source, typeof(Embedding<float>)).IsInstanceOfType(generator)
            ? (SourceEmbedder)Activator.CreateInstance(typeof(Of<>).MakeGenericType(source), generator)!
            : null;

    /// <summary>The embeddings of some values, in their order.</summary>
    public abstract Task<ReadOnlyMemory<float>[]> EmbedAsync(IReadOnlyList<object> values, CancellationToken cancellation);

    private sealed class Of<T>(IEmbeddingGenerator<T, Embedding<float>> generator) : SourceEmbedder
    {
        public override async Task<ReadOnlyMemory<float>[]> EmbedAsync(IReadOnlyList<object> values, CancellationToken cancellation)
        {
            if (values.Count == 0) return [];
            GeneratedEmbeddings<Embedding<float>> made =
                await generator.GenerateAsync(values.Cast<T>(), cancellationToken: cancellation).ConfigureAwait(false);
            return made.Count == values.Count ? [.. made.Select(embedding => embedding.Vector)] : throw new InvalidOperationException(
                $"The generator {generator.GetType().Name} returned {made.Count} embeddings for {values.Count} values.");
        }
    }
}
