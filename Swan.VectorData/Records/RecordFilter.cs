using System.Linq.Expressions;
using Swan.MLNet.Metadata;

namespace Swan.VectorData.Records;

/// <summary>Filters over records as filters over columns.</summary>
internal static class RecordFilter
{
    /// <exception cref="NotSupportedException">A part of the expression has no filter; the message quotes it.</exception>
    public static SwanFilter Of<TRecord>(RecordModel model, Expression<Func<TRecord, bool>> expression)
    {
        try
        {
            SwanFilter filter = SwanFilter.From(expression, name => ColumnOf(model, name));
            filter.Check(model.Columns);
            return filter;
        }
        catch (SwanFilterException e)
        {
            throw new NotSupportedException($"The filter can't be used with this collection. {e.Message}", e);
        }
    }

    private static string ColumnOf(RecordModel model, string name) => model.Property(name) switch
    {
        DataProperty data => data.Column.Name,
        KeyProperty => throw new NotSupportedException(
            $"The filter uses the key '{name}', but filters support only data properties. Use GetAsync to get records by key."),
        _ => throw new NotSupportedException($"The filter uses the vector '{name}', but filters support only data properties."),
    };
}
