using Microsoft.ML;
using Swan.MLNet.DataViews;

namespace Swan.MLNet.Transforms;

/// <summary>
/// Adds the predicted class and the scores to rows of one schema, row by row: a handful of dot products gains nothing from batches.
/// </summary>
internal sealed class ZeroShotRowMapper(DataViewSchema schema, EmbeddingColumn input, ZeroShotColumns columns, float temperature)
    : BatchedRowMapper(schema, [input.Column], columns.Added(), batchSize: 1)
{
    public override RowPass Begin(DataViewRow row) => new ZeroShotPass(input, row, columns.Classes.Gallery, temperature);
}
