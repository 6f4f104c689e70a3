using System.Buffers.Binary;

namespace Swan.Batch.Output;

/// <summary>Puts right what Parquet.Net 6.1 has written of a file.</summary>
/// <remarks>
/// <para>Float16 it doesn't know: such columns are written as decimals of two bytes, whose annotation and ranges of values change here.
/// </para>
/// Of times, it says the least and the largest in milliseconds, whatever their unit is: DuckDB then leaves out row groups that it needs,
/// and gives other times.
/// </remarks>
internal static class WrittenFile
{
    /// <summary>Corrects a file that is written whole.</summary>
    /// <param name="stream">The file, to be read and written.</param>
    /// <param name="halves">The ranges of values of its float16 columns, by row group, in the order of the columns.</param>
    /// <param name="cancellation">Ends the work; the file is then unusable.</param>
    public static async Task CorrectAsync(
        Stream stream, IReadOnlyList<IReadOnlyList<(Half Least, Half Largest)>> halves, CancellationToken cancellation)
    {
        byte[] bytes = await ParquetFooter.ReadBytesAsync(stream, cancellation).ConfigureAwait(false)
            ?? throw new InvalidDataException("The file has no footer.");
        ParquetFooter footer = ParquetFooter.Parse(stream, bytes);
        int next = 0;
        bool changed = false;
        foreach ((int i, ThriftStruct leaf) in footer.Leaves.Index())
        {
            if (Float16Field.IsWritten(leaf))
            {
                IReadOnlyList<(Half Least, Half Largest)> ranges = halves[next++];
                ParquetFooter.SetFloat16(leaf);
                await footer.ChangeRangesAsync(stream, i, (group, _) => (Bytes(ranges[group].Least), Bytes(ranges[group].Largest)),
                    cancellation).ConfigureAwait(false);
            }
            else if (ParquetFooter.UnitsOfMillisecond(leaf) is { } units)
            {
                // They were cut off to milliseconds.
                await footer.ChangeRangesAsync(stream, i, (_, range) => (Scaled(range.Least, units, -1), Scaled(range.Largest, units, 1)),
                    cancellation).ConfigureAwait(false);
            }
            else continue;
            changed = true;
        }
        if (!changed) return;
        stream.Position = footer.Start;
        await stream.WriteAsync(footer.ToBytes(), cancellation).ConfigureAwait(false);
        stream.SetLength(stream.Position);
    }

    private static byte[] Bytes(Half value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteHalfLittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Scaled(byte[] milliseconds, long units, int sign)
    {
        Int128 value = (Int128)BinaryPrimitives.ReadInt64LittleEndian(milliseconds) * units + sign * (units - 1);
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)Int128.Clamp(value, long.MinValue, long.MaxValue));
        return bytes;
    }
}
