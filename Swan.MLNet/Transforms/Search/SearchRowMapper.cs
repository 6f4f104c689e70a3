using Microsoft.ML;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;

namespace Swan.MLNet.Transforms;

/// <summary>Adds keys and scores to rows of one schema.</summary>
internal sealed class SearchRowMapper(
    DataViewSchema schema, EmbeddingColumn input, SearchColumns columns, SwanSearchOptions options, IHost host)
    : BatchedRowMapper(schema, [input.Column], columns.Added(), options.BatchSize)
{
    public override RowPass Begin(DataViewRow row) => new SearchPass(row, input, columns.Gallery, options, host);
}
