using Microsoft.ML;
using Swan.MLNet.DataViews;

namespace Swan.MLNet.Transforms;

/// <summary>Adds the embedding, and the error column where there is one, to rows of one schema.</summary>
internal sealed class EmbeddingRowMap : RowMap
{
    private readonly DataViewSchema.Column _input;
    private readonly SwanInput _holds;
    private readonly EmbeddingWork _work;

    public EmbeddingRowMap(DataViewSchema schema, DataViewSchema.Column input, SwanInput holds, DataViewSchema.DetachedColumn[] added, EmbeddingWork work)
        : base(schema, [input], added, work.Options.BatchSize)
    {
        _input = input;
        _holds = holds;
        _work = work;
    }

    public override bool DropsRows => _work.Options.OnError == SwanOnError.Skip;

    public override RowBatch CreateBatch(DataViewRow row, int capacity)
    {
        var pass = new EmbeddingPass(_work, row, _input);
        return _holds switch
        {
            SwanInput.ImagePath => new ImagePathBatch(pass, capacity),
            SwanInput.Image => new ImageBatch(pass, capacity),
            SwanInput.ImageBytes => new ImageBytesBatch(pass, capacity),
            _ => new CaptionBatch(pass, capacity),
        };
    }
}
