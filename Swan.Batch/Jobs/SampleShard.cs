using System.Security.Cryptography;
using System.Text;
using Swan.Batch.Runs;
using Swan.Batch.Sources;

namespace Swan.Batch.Jobs;

/// <summary>Embeds some images of a run as a shard would, and keeps nothing.</summary>
internal sealed class SampleShard : IAsyncDisposable
{
    private readonly ShardFiles _files;
    private readonly InputEmbedding _embedding;

    /// <summary>Begins.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="source">Where the images are.</param>
    /// <param name="scorer">The model.</param>
    /// <param name="options">How images are read.</param>
    /// <param name="known">The contents that earlier runs have embedded.</param>
    public SampleShard(RunPlan plan, ImageSource source, ShardScorer scorer, BatchJobOptions options, KnownContents known)
    {
        _files = new ShardFiles(plan, 0, new Dictionary<string, string>());
        // Shards fetch what is known file by file, and images that moved together are near each other: a sample's are not.
        Task<float[]?> Find(string hash, CancellationToken cancellation) => Task.FromResult(
            known.Find(hash) is null ? null : StandIn(hash, scorer.Card.EmbeddingSize));
        _embedding = new InputEmbedding(source, scorer, options, ExhaustedMemory.OfTheOnlyAttempt(), Find, _files);
    }

    /// <summary>Embeds inputs.</summary>
    /// <param name="inputs">The images.</param>
    /// <param name="row">The number of the first one's row.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<SampleCost> EmbedAsync(IReadOnlyList<InputLine> inputs, long row, CancellationToken cancellation)
    {
        (long bytes, long reused) = (_embedding.Bytes, _files.Reused);
        await _embedding.EmbedAsync(inputs.ToAsyncEnumerable(), row, _ => Task.CompletedTask, cancellation).ConfigureAwait(false);
        return new SampleCost(_embedding.Bytes - bytes, _files.Reused - reused);
    }

    /// <summary>The bytes that the rows take; nothing more can be embedded.</summary>
    public Task<long> EndAsync() => _files.EndAsync();

    public ValueTask DisposeAsync() => _files.DisposeAsync();

    // As long in a file as any other: equal values would be compressed to nothing.
    private static float[] StandIn(string hash, int dimension)
    {
        byte[] seed = SHA256.HashData(Encoding.ASCII.GetBytes(hash));
        var random = new Random(BitConverter.ToInt32(seed));
        return [.. Enumerable.Range(0, dimension).Select(_ => random.NextSingle() - 0.5f)];
    }
}

/// <summary>What some images took.</summary>
/// <param name="Bytes">Bytes that were read.</param>
/// <param name="Reused">How many had a content that was embedded before.</param>
internal readonly record struct SampleCost(long Bytes, long Reused);
