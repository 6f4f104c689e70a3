using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>Vectors, dense or sparse.</summary>
internal sealed class BufferedVectors<T>(DataViewRow source, DataViewSchema.Column column) : BufferedColumn<VBuffer<T>>(source, column)
{
    protected override long Bytes(in VBuffer<T> value)
    {
        long bytes = (long)value.GetValues().Length * Unsafe.SizeOf<T>();
        if (value is VBuffer<ReadOnlyMemory<char>> texts)
        {
            foreach (ReadOnlyMemory<char> text in texts.GetValues()) bytes += 2L * text.Length;
        }
        return bytes;
    }

    protected override void Lend(int slot, ref VBuffer<T> value) => Values[slot].CopyTo(ref value);

    protected override void HandOver(int slot, ref VBuffer<T> value) => Values[slot].CopyTo(ref value);
}
