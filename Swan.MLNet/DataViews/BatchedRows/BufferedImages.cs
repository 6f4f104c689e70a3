using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>Images, which their reader may dispose or draw into.</summary>
/// <remarks>
/// The first reader of a slot's image gets it and leaves its own earlier one in the slot, as if it had read the source directly. A source
/// that disposes the image in its destination does so when the slot takes its next row. Later readers of the same row get a copy.
/// </remarks>
internal sealed class BufferedImages(DataViewRow source, DataViewSchema.Column column) : BufferedColumn<MLImage>(source, column)
{
    private readonly ConditionalWeakTable<MLImage, object> _copies = [];
    private MLImage?[] _handed = [];

    public override void Resize(int capacity)
    {
        base.Resize(capacity);
        Array.Resize(ref _handed, capacity);
    }

    protected override void Emptied(int slot) => _handed[slot] = null;

    protected override long Bytes(in MLImage value) => value is null ? 0 : 4L * value.Width * value.Height;

    protected override void Lend(int slot, ref MLImage value) => value = _handed[slot] ?? Values[slot];

    protected override void HandOver(int slot, ref MLImage value)
    {
        if (_handed[slot] is not { } handed)
        {
            // A missing image is delivered as such, however often it is read.
            if (Values[slot] is null)
            {
                value = null!;
                return;
            }
            (value, Values[slot]) = (Values[slot], value);
            _handed[slot] = value;
            return;
        }
        if (ReferenceEquals(value, handed)) return;
        // A getter disposes what it made earlier and finds in its destination.
        if (value is not null && _copies.Remove(value)) value.Dispose();
        value = MLImage.CreateFromPixels(handed.Width, handed.Height, handed.PixelFormat, handed.Pixels);
        value.Tag = handed.Tag;
        _copies.Add(value, this);
    }
}
