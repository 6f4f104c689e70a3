using Microsoft.ML;
using Microsoft.ML.Runtime;
using Swan.MLNet.Models;

namespace Swan.MLNet.Transforms;

/// <summary>What all passes of one transformer share.</summary>
/// <param name="Lease">The encoder.</param>
/// <param name="Options">A private copy.</param>
/// <param name="Host">For the log.</param>
internal sealed record EmbeddingWork(EncoderLease Lease, SwanEmbeddingOptions Options, IHost Host)
{
    private long _cut;

    /// <summary>Captions cut so far because they were longer than the model's limit.</summary>
    public long Cut => Interlocked.Read(ref _cut);

    public void AddCut(long captions) => Interlocked.Add(ref _cut, captions);
}

/// <summary>One pass over the rows, by a cursor or by a prediction engine. Not safe for concurrent use.</summary>
/// <param name="Work">What all passes share.</param>
/// <param name="Row">Where values are read.</param>
/// <param name="Input">The column that is embedded.</param>
internal sealed record EmbeddingPass(EmbeddingWork Work, DataViewRow Row, DataViewSchema.Column Input)
{
    public EmbeddingTally Tally { get; } = new();

    /// <summary>Tells what was met, once.</summary>
    public void Report()
    {
        Work.AddCut(Tally.Cut);
        Tally.Report(Work.Host, Input.Name, Work.Options.OnError, Work.Lease.Model.Text.MaxLength);
    }

    public ValueGetter<T> Getter<T>() => Row.GetGetter<T>(Input);
}
