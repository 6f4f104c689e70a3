using System.Collections.Frozen;
using System.Numerics;
using Swan.MLNet.Metadata;

namespace Swan.VectorData.Records;

/// <summary>How a column stores and returns values of a .NET type.</summary>
/// <param name="Column">The column's type.</param>
/// <param name="Kept">The value for the column; null if the column can't return it exactly.</param>
/// <param name="Back">The value from the column's value; null if the type has no such value.</param>
internal sealed record DataType(SwanColumnType Column, Func<object, object?> Kept, Func<object, object?> Back)
{
    private static readonly FrozenDictionary<Type, DataType> s_types = new Dictionary<Type, DataType>
    {
        [typeof(string)] = Same(SwanColumnType.Text),
        [typeof(bool)] = Same(SwanColumnType.Boolean),
        [typeof(SwanPoint)] = Same(SwanColumnType.Point),
        [typeof(SwanBox)] = Same(SwanColumnType.Box),
        [typeof(byte)] = Integer<byte>(),
        [typeof(sbyte)] = Integer<sbyte>(),
        [typeof(short)] = Integer<short>(),
        [typeof(ushort)] = Integer<ushort>(),
        [typeof(int)] = Integer<int>(),
        [typeof(uint)] = Integer<uint>(),
        [typeof(long)] = Integer<long>(),
        [typeof(ulong)] = Integer<ulong>(),
        [typeof(double)] = Same(SwanColumnType.Number),
        [typeof(float)] = new(
            SwanColumnType.Number, value => value, value => (float)(double)value is var back && back == (double)value ? back : null),
        [typeof(Half)] = new(
            SwanColumnType.Number, value => value, value => (Half)(double)value is var back && (double)back == (double)value ? back : null),
        [typeof(decimal)] = new(
            SwanColumnType.Number,
            // Equal decimals with more or fewer zeros may give different doubles; the shortest one's comes back.
            value => DecimalOf((double)(decimal)value) is { } kept && kept == (decimal)value && DecimalOf((double)kept) == kept
                ? (double)kept : null,
            value => DecimalOf((double)value) is { } kept && (double)kept == (double)value ? kept : null),
        [typeof(DateTimeOffset)] = Same(SwanColumnType.Date),
        [typeof(DateTime)] = new(SwanColumnType.Date, value => value, value => ((DateTimeOffset)value).UtcDateTime),
        [typeof(DateOnly)] = new(
            SwanColumnType.Date, value => value,
            value => ((DateTimeOffset)value).UtcDateTime is var at && at.TimeOfDay == TimeSpan.Zero ? DateOnly.FromDateTime(at) : null),
    }.ToFrozenDictionary();

    /// <summary>What data properties can be, for messages.</summary>
    public const string Supported =
        "string, bool, the integers, float, double, Half, decimal, DateTime, DateTimeOffset, DateOnly, SwanPoint and SwanBox, each "
        + "nullable or not";

    /// <summary>How a type is kept; null where it can't be.</summary>
    public static DataType? Of(Type type) => s_types.GetValueOrDefault(type);

    private static DataType Same(SwanColumnType column) => new(column, value => value, value => value);

    // The column itself refuses integers that a double doesn't hold.
    private static DataType Integer<T>() where T : struct, IBinaryInteger<T>, IMinMaxValue<T> =>
        new(SwanColumnType.Number, value => value, value =>
        {
            double number = (double)value;
            // The greatest 64-bit integers are not doubles: they become 2^63 and 2^64, which the type doesn't have.
            double end = Math.Floor(double.CreateChecked(T.MaxValue) / 2 + 0.5) * 2;
            bool fits = number == Math.Truncate(number) && number >= double.CreateChecked(T.MinValue) && number < end;
            return fits ? T.CreateChecked(number) : null;
        });

    private static decimal? DecimalOf(double value) => Math.Abs(value) < 7.9e28 ? (decimal)value : null;
}
