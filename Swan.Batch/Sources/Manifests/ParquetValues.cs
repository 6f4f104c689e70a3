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

    private static async Task<object?[]> TextAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellation)
    {
        string?[] values = new string?[group.RowCount];
        await group.ReadAsync(field, values.AsMemory(), cancellationToken: cancellation).ConfigureAwait(false);
        return values;
    }

    private static async Task<object?[]> ScalarsAsync<T>(ParquetRowGroupReader group, DataField field, CancellationToken cancellation)
        where T : struct
    {
        if (field.IsNullable)
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
