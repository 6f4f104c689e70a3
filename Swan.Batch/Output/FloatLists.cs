using Parquet;
using Parquet.Schema;

namespace Swan.Batch.Output;

/// <summary>Reads lists of floats, all of one length and without nulls.</summary>
internal static class FloatLists
{
    /// <summary>The values of all lists of a row group, one list after another.</summary>
    /// <exception cref="InvalidDataException">They differ in length, or values are missing.</exception>
    public static async Task<float[]> ReadAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellation)
    {
        int rows = checked((int)group.RowCount);
        if (rows == 0) return [];
        // Values and nulls of all lists.
        long total = group.GetMetadata(field)?.MetaData?.NumValues ?? 0;
        float[] values = new float[checked((int)total)];
        int[] definition = new int[values.Length], repetition = new int[values.Length];
        await group.ReadRawAsync<float>(field, values, definition, repetition, cancellation).ConfigureAwait(false);
        // A row's list begins where the repetition level is 0, and a value is null where the definition level is not the highest.
        int size = values.Length / rows;
        bool whole = size > 0 && values.Length == rows * size;
        for (int i = 0; whole && i < values.Length; i++)
            whole = repetition[i] == (i % size == 0 ? 0 : 1) && definition[i] == field.MaxDefinitionLevel;
        return whole ? values : throw new InvalidDataException("It has embeddings of different lengths, or with missing values.");
    }
}
