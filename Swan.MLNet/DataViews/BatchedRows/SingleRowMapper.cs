using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>A <see cref="BatchedRowMapper"/> for one row at a time: what prediction engines use.</summary>
internal sealed class SingleRowMapper(BatchedRowMapper mapper) : IRowToRowMapper
{
    public DataViewSchema InputSchema => mapper.InputSchema;

    public DataViewSchema OutputSchema => mapper.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        bool[] active = mapper.Active(dependingColumns);
        return mapper.Needed(active, mapper.AnyAdded(active) ? mapper.Reads : []);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Schema != mapper.InputSchema)
        {
            throw new ArgumentOutOfRangeException(
                nameof(input),
                $"The row's schema doesn't match this mapper's: found {input.Schema}, expected {mapper.InputSchema}.");
        }
        return new SingleRow(mapper, input, mapper.Active(activeColumns));
    }
}
