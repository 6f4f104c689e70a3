using Microsoft.ML;
using Swan.MLNet.DataViews;

namespace Swan.MLNet.Transforms;

/// <summary>Adds the embedding, and the error column where there is one, to rows of one schema.</summary>
internal sealed class EmbeddingRowMapper(
    DataViewSchema schema,
    DataViewSchema.Column input,
    SwanInput holds,
    DataViewSchema.DetachedColumn[] added,
    EmbeddingContext context)
    : BatchedRowMapper(schema, [input], added, context.Options.BatchSize)
{
    public override bool DropsRows => context.Options.OnError == SwanOnError.Skip;

    public override RowPass Begin(DataViewRow row) => new EmbeddingPass(context, row, input, holds);
}
