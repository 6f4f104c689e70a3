using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Swan.MLNet.Interop;

namespace Swan.MLNet.Transforms;

/// <summary>Adds the embedding column to rows of one schema.</summary>
internal sealed class EmbeddingRowMap : RowMap
{
    private readonly DataViewSchema.Column _input;
    private readonly SwanInput _holds;
    private readonly EmbeddingWork _work;

    public EmbeddingRowMap(DataViewSchema schema, DataViewSchema.Column input, SwanInput holds, DataViewSchema.DetachedColumn added, EmbeddingWork work)
        : base(schema, [input], [added], work.Options.BatchSize)
    {
        _input = input;
        _holds = holds;
        _work = work;
    }

    public override RowBatch CreateBatch(DataViewRow row, int capacity) => _holds switch
    {
        SwanInput.ImagePath => new ImagePathBatch(_work, row, _input, capacity),
        SwanInput.Image => new ImageBatch(_work, row, _input, capacity),
        _ => new CaptionBatch(_work, row, _input, capacity),
    };
}

/// <summary>What all batches of one transformer share.</summary>
/// <param name="Lease">The encoder.</param>
/// <param name="Options">A private copy.</param>
/// <param name="Host">For the log.</param>
internal sealed record EmbeddingWork(EncoderLease Lease, SwanEmbeddingOptions Options, IHost Host)
{
    private long _cut;

    /// <summary>Captions cut so far because they were longer than the model's limit.</summary>
    public long Cut => Interlocked.Read(ref _cut);

    public void AddCut(int captions) => Interlocked.Add(ref _cut, captions);
}
