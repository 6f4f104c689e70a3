using System.Runtime.CompilerServices;
using Microsoft.ML;

namespace Swan.MLNet.DataViews;

/// <summary>Numbers, texts, dates, keys and other values that an assignment copies.</summary>
internal sealed class BufferedValues<T>(DataViewRow source, DataViewSchema.Column column) : BufferedColumn<T>(source, column)
{
    // A source may write into the object that it finds in its destination, and a reader may still hold that one.
    protected override void Emptied(int slot) => Values[slot] = default!;

    protected override long Bytes(in T value) => value is ReadOnlyMemory<char> text ? 2L * text.Length : Unsafe.SizeOf<T>();

    protected override void Lend(int slot, ref T value) => value = Values[slot];

    protected override void HandOver(int slot, ref T value) => value = Values[slot];
}
