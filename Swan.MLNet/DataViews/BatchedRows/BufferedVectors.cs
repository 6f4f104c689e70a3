using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>Vectors, dense or sparse.</summary>
internal sealed class BufferedVectors<T>(DataViewRow source, DataViewSchema.Column column) : BufferedColumn<VBuffer<T>>(source, column)
{
    // A slot keeps its array for the next row, unless it is larger than this: a few long vectors would fill the memory slot by slot.
    private const long MaxKeptBytes = 64 << 10;

    protected override void Emptied(int slot)
    {
        if (Held(Values[slot]) > MaxKeptBytes) Values[slot] = default;
    }

    protected override long Bytes(in VBuffer<T> value)
    {
        long bytes = Held(value);
        if (value is VBuffer<ReadOnlyMemory<char>> texts)
        {
            foreach (ReadOnlyMemory<char> text in texts.GetValues()) bytes += 2L * text.Length;
        }
        return bytes;
    }

    protected override void Lend(int slot, ref VBuffer<T> value) => Values[slot].CopyTo(ref value);

    protected override void HandOver(int slot, ref VBuffer<T> value) => Values[slot].CopyTo(ref value);

    private static long Held(in VBuffer<T> value) => (long)value.GetValues().Length * Unsafe.SizeOf<T>();
}
