using System.Buffers.Binary;
using System.Numerics.Tensors;
using Parquet;
using Parquet.Schema;

namespace Swan.Batch.Output;

/// <summary>Reads lists of float32 or float16, all of one length and without nulls.</summary>
internal static class FloatLists
{
    /// <summary>Whether a field's values are in such lists.</summary>
    public static bool Has(DataField field) =>
        field.MaxRepetitionLevel == 1 && (field.ClrType == typeof(float) || Float16Field.Is(field));

    /// <summary>The values of all lists of a row group, one list after another.</summary>
    /// <exception cref="InvalidDataException">They differ in length, or values are missing.</exception>
    public static async Task<float[]> ReadAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellation)
    {
        if (!Float16Field.Is(field)) return await ReadAsync<float>(group, field, cancellation).ConfigureAwait(false);
        Half[] halves = await ReadHalvesAsync(group, field, cancellation).ConfigureAwait(false);
        float[] values = new float[halves.Length];
        TensorPrimitives.ConvertToSingle(halves, values);
        return values;
    }

    /// <summary>The same of float16, as they are in the file.</summary>
    /// <exception cref="InvalidDataException">They differ in length, or values are missing.</exception>
    public static async Task<Half[]> ReadHalvesAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte>[] bytes = await ReadAsync<ReadOnlyMemory<byte>>(group, field, cancellation).ConfigureAwait(false);
        return Array.ConvertAll(bytes, two => BinaryPrimitives.ReadHalfLittleEndian(two.Span));
    }

    /// <summary>The same of values that Parquet.Net knows.</summary>
    /// <exception cref="InvalidDataException">They differ in length, or values are missing.</exception>
    public static async Task<T[]> ReadAsync<T>(ParquetRowGroupReader group, DataField field, CancellationToken cancellation)
        where T : struct
    {
        int rows = checked((int)group.RowCount);
        if (rows == 0) return [];
        // Values and nulls of all lists.
        long total = group.GetMetadata(field)?.MetaData?.NumValues ?? 0;
        T[] values = new T[checked((int)total)];
        int[] definition = new int[values.Length], repetition = new int[values.Length];
        await group.ReadRawAsync<T>(field, values, definition, repetition, cancellation).ConfigureAwait(false);
        // A row's list begins where the repetition level is 0, and a value is null where the definition level is not the highest.
        int size = values.Length / rows;
        bool whole = size > 0 && values.Length == rows * size;
        for (int i = 0; whole && i < values.Length; i++)
            whole = repetition[i] == (i % size == 0 ? 0 : 1) && definition[i] == field.MaxDefinitionLevel;
        return whole ? values : throw new InvalidDataException("It has embeddings of different lengths, or with missing values.");
    }
}
