using Microsoft.ML.Runtime;
using Swan.MLNet.Models;

namespace Swan.MLNet.Transforms;

/// <summary>What all passes of one transformer share.</summary>
/// <param name="Lease">The encoder.</param>
/// <param name="Options">A private copy.</param>
/// <param name="Host">For the log.</param>
internal sealed record EmbeddingContext(EncoderLease Lease, SwanEmbeddingOptions Options, IHost Host)
{
    private long _cut;

    /// <summary>Captions cut so far because they were longer than the model's limit.</summary>
    public long Cut => Interlocked.Read(ref _cut);

    public void AddCut(long captions) => Interlocked.Add(ref _cut, captions);
}
