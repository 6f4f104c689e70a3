using System.Globalization;
using Parquet.Schema;

namespace Swan.Batch.Sources;

/// <summary>A column of a manifest that results have, too.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">One of the names below.</param>
internal sealed record KeptColumn(string Name, string Type)
{
    public const string Text = "text", Boolean = "bool", Int32 = "int32", Int64 = "int64", Single = "float", Double = "double";

    private static readonly Type[] s_small = [typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int)];

    private const string Date = "date", Timestamp = "timestamp", Utc = "utc";

    /// <summary>Whether its values are points in time.</summary>
    public bool IsTime => Type == Date || Type.StartsWith(Timestamp, StringComparison.Ordinal);

    /// <summary>The column for a field; null where results can't have it.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="field">A manifest's.</param>
    public static KeptColumn? Of(string name, DataField field)
    {
        Type type = field.ClrType;
        string? kept = ParquetValues.IsText(field) ? Text
            : type == typeof(bool) ? Boolean
            : type == typeof(float) ? Single
            : type == typeof(double) ? Double
            : s_small.Contains(type) ? Int32
            : type == typeof(uint) || type == typeof(long) ? Int64
            : field is DateTimeDataField time ? TypeOf(time)
            : type == typeof(DateTime) ? $"{Timestamp} {DateTimeTimeUnit.Micros}"
            : null;
        return kept is null ? null : new KeptColumn(name, kept);
    }

    /// <summary>The field of the results; each value may be missing.</summary>
    public DataField ToField() => Type switch
    {
        Text => new DataField<string>(Name, nullable: true),
        Boolean => new DataField<bool>(Name, nullable: true),
        Int32 => new DataField<int>(Name, nullable: true),
        Int64 => new DataField<long>(Name, nullable: true),
        Single => new DataField<float>(Name, nullable: true),
        Double => new DataField<double>(Name, nullable: true),
        Date => new DateTimeDataField(Name, DateTimeFormat.Date, isNullable: true),
        _ when Type.Split(' ') is [Timestamp, var unit, .. var more] && Enum.TryParse(unit, out DateTimeTimeUnit parsed) =>
            new DateTimeDataField(Name, DateTimeFormat.Timestamp, more is [Utc], parsed, isNullable: true),
        _ => throw new SwanBatchException($"The column '{Name}' has the type '{Type}', which this version of Swan doesn't know. Use the "
            + "version that planned the run."),
    };

    /// <summary>A value as a text that <see cref="Read"/> reads; null where it is missing.</summary>
    public static string? Write(object? value) => value switch
    {
        null => null,
        string text => text,
        bool yes => yes ? "true" : "false",
        DateTime time => time.Ticks.ToString(CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>Reads a value that is not missing.</summary>
    public static T Read<T>(string text) where T : struct => (T)(object)(typeof(T) switch
    {
        var type when type == typeof(bool) => text == "true",
        var type when type == typeof(int) => int.Parse(text, CultureInfo.InvariantCulture),
        var type when type == typeof(long) => long.Parse(text, CultureInfo.InvariantCulture),
        var type when type == typeof(float) => (object)float.Parse(text, CultureInfo.InvariantCulture),
        var type when type == typeof(double) => double.Parse(text, CultureInfo.InvariantCulture),
        _ => new DateTime(long.Parse(text, CultureInfo.InvariantCulture), DateTimeKind.Utc),
    });

    private static string TypeOf(DateTimeDataField field)
    {
        if (field.DateTimeFormat == DateTimeFormat.Date) return Date;
        // What Spark once wrote as 96 bits.
        bool old = field.DateTimeFormat == DateTimeFormat.Impala;
        return $"{Timestamp} {(old ? DateTimeTimeUnit.Nanos : field.Unit)}{(old || field.IsAdjustedToUTC ? $" {Utc}" : "")}";
    }
}
