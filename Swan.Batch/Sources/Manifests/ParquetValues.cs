using Parquet;
using Parquet.Schema;

namespace Swan.Batch.Sources;

/// <summary>Reads the values of a Parquet file's columns.</summary>
internal static class ParquetValues
{
    /// <summary>Whether a field's values are strings.</summary>
    // Of a file's schema the one, of a made one the other.
    public static bool IsText(DataField field) => field.ClrType == typeof(ReadOnlyMemory<char>) || field.ClrType == typeof(string);

    /// <summary>The values of a row group as the file has them, null where one is missing.</summary>
    /// <param name="group">The row group.</param>
    /// <param name="field">A column of text, booleans, numbers or times, not in a list.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static Task<object?[]> ReadAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellation)
    {
        Type type = field.ClrType;
        return IsText(field) ? TextAsync(group, field, cancellation)
            : type == typeof(bool) ? ScalarsAsync<bool>(group, field, cancellation)
            : type == typeof(DateTime) ? ScalarsAsync<DateTime>(group, field, cancellation)
            : type == typeof(double) ? ScalarsAsync<double>(group, field, cancellation)
            : type == typeof(float) ? ScalarsAsync<float>(group, field, cancellation)
            : type == typeof(decimal) ? ScalarsAsync<decimal>(group, field, cancellation)
            : type == typeof(sbyte) ? ScalarsAsync<sbyte>(group, field, cancellation)
            : type == typeof(byte) ? ScalarsAsync<byte>(group, field, cancellation)
            : type == typeof(short) ? ScalarsAsync<short>(group, field, cancellation)
            : type == typeof(ushort) ? ScalarsAsync<ushort>(group, field, cancellation)
            : type == typeof(int) ? ScalarsAsync<int>(group, field, cancellation)
            : type == typeof(uint) ? ScalarsAsync<uint>(group, field, cancellation)
            : type == typeof(long) ? ScalarsAsync<long>(group, field, cancellation)
            : ScalarsAsync<ulong>(group, field, cancellation);
    }

    /// <summary>The bytes of a row group, null where they are missing.</summary>
    /// <param name="group">The row group.</param>
    /// <param name="field">A column of bytes, not in a list.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task<byte[]?[]> BytesAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellation)
    {
        if (!IsDirect(field)) return await SpreadAsync<byte, byte[]>(group, field, m => m.ToArray(), cancellation).ConfigureAwait(false);
        byte[]?[] values = new byte[]?[group.RowCount];
        await group.ReadAsync(field, values.AsMemory()!, cancellationToken: cancellation).ConfigureAwait(false);
        return values;
    }

    // Where a structure around a value may be missing, too, Parquet.Net takes a missing value in one that is there for a value, and all
    // that follow stand a row too early.
    private static bool IsDirect(DataField field) => field.MaxDefinitionLevel == (field.IsNullable ? 1 : 0);

    private static async Task<object?[]> TextAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellation)
    {
        if (!IsDirect(field))
            return await SpreadAsync<char, string>(group, field, m => m.ToString(), cancellation).ConfigureAwait(false);
        string?[] values = new string?[group.RowCount];
        await group.ReadAsync(field, values.AsMemory(), cancellationToken: cancellation).ConfigureAwait(false);
        return values;
    }

    // Values that are there come one after another; the levels tell which rows have one.
    private static async Task<TValue?[]> SpreadAsync<T, TValue>(
        ParquetRowGroupReader group, DataField field, Func<ReadOnlyMemory<T>, TValue> read, CancellationToken cancellation)
        where T : struct where TValue : class
    {
        var there = new ReadOnlyMemory<T>[group.RowCount];
        int[] levels = new int[there.Length];
        await group.ReadRawAsync<ReadOnlyMemory<T>>(field, there, levels, null, cancellation).ConfigureAwait(false);
        var values = new TValue?[there.Length];
        for (int row = 0, next = 0; row < values.Length; row++)
        {
            if (levels[row] == field.MaxDefinitionLevel) values[row] = read(there[next++]);
        }
        return values;
    }

    private static async Task<object?[]> ScalarsAsync<T>(ParquetRowGroupReader group, DataField field, CancellationToken cancellation)
        where T : struct
    {
        // One that must be there is missing where the structure around it is.
        if (field.MaxDefinitionLevel > 0)
        {
            var values = new T?[group.RowCount];
            await group.ReadAsync<T>(field, (Memory<T?>)values, cancellationToken: cancellation).ConfigureAwait(false);
            return Array.ConvertAll(values, value => (object?)value);
        }
        var there = new T[group.RowCount];
        await group.ReadAsync<T>(field, (Memory<T>)there, cancellationToken: cancellation).ConfigureAwait(false);
        return Array.ConvertAll(there, value => (object?)value);
    }
}
