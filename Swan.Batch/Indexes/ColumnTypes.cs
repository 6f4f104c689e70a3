using Swan.MLNet.Metadata;

namespace Swan.Batch.Indexes;

/// <summary>The types of columns that are known before a file is read, by the columns' names.</summary>
internal static class ColumnTypes
{
    /// <summary>None is known.</summary>
    public static IReadOnlyDictionary<string, SwanColumnType> None { get; } = new Dictionary<string, SwanColumnType>();

    /// <summary>Those of an index, which keep their types, and others.</summary>
    public static Dictionary<string, SwanColumnType> Of(
        IReadOnlyList<SwanColumn> columns, IReadOnlyDictionary<string, SwanColumnType> others)
    {
        var types = new Dictionary<string, SwanColumnType>(others, StringComparer.Ordinal);
        foreach (SwanColumn column in columns) types[column.Name] = column.Type;
        return types;
    }
}
