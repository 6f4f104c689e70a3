using System.Numerics;
using System.Numerics.Tensors;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Metadata;

/// <summary>Each distinct text once, and a code a row: a predicate is evaluated once a text, then codes are compared.</summary>
internal sealed class DictionaryColumnData(SwanColumn column, int rows, ReadOnlyMemory<byte> part, TextLayout layout)
    : TextColumns(column, rows, part, layout)
{
    // Texts that pass and follow each other are a range of codes. Comparing with few ranges takes less than looking codes up.
    private const int MaxRanges = 4;

    private protected override RowBits PresentRows()
    {
        // Without any text there is no range, and codes have no sign.
        var bits = new RowBits(Count, all: Layout.Texts > 0);
        if (Layout.Texts > 0) KeepRanges([0], [Layout.Texts - 1], bits, CancellationToken.None);
        return bits;
    }

    private protected override RowBits Passing(TextPredicate predicate, CancellationToken cancellation)
    {
        byte[] marks = new byte[Layout.Texts + 1];
        List<int> lows = [], highs = [];
        for (int text = 0; text < Layout.Texts; text++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!predicate.Passes(Texts[text])) continue;
            marks[text] = 1;
            if (text == 0 || marks[text - 1] == 0)
            {
                lows.Add(text);
                highs.Add(text);
            }
            else
            {
                highs[^1] = text;
            }
        }
        var bits = new RowBits(Count, all: lows.Count > 0);
        if (lows.Count is 0) return bits;
        if (lows.Count <= MaxRanges)
        {
            KeepRanges([.. lows], [.. highs], bits, cancellation);
            return bits;
        }
        switch (Layout.CodeBytes)
        {
            case 1: RangeBits.KeepMarked(Codes<byte>(), marks, bits.Words, cancellation); break;
            case 2: RangeBits.KeepMarked(Codes<ushort>(), marks, bits.Words, cancellation); break;
            default: RangeBits.KeepMarked(Codes<uint>(), marks, bits.Words, cancellation); break;
        }
        return bits;
    }

    private protected override string? TextOf(int row)
    {
        int code = Layout.CodeBytes switch
        {
            1 => Codes<byte>()[row],
            2 => Codes<ushort>()[row],
            _ => (int)Codes<uint>()[row],
        };
        return code == Layout.Texts ? null : Texts.Text(code);
    }

    private protected override void RequireRows()
    {
        if (Count == 0) return;
        uint greatest = Layout.CodeBytes switch
        {
            1 => TensorPrimitives.Max(Codes<byte>()),
            2 => TensorPrimitives.Max(Codes<ushort>()),
            _ => TensorPrimitives.Max(Codes<uint>()),
        };
        if (greatest > Layout.Texts) throw ColumnPart.Damaged(Column, $"a row has text {greatest} of {Layout.Texts}");
    }

    private ReadOnlySpan<T> Codes<T>() where T : unmanaged => ColumnPart.Values<T>(Part, TextLayout.RowsAt, Count);

    private void KeepRanges(int[] lows, int[] highs, RowBits bits, CancellationToken cancellation)
    {
        switch (Layout.CodeBytes)
        {
            case 1: Keep<byte>(); break;
            case 2: Keep<ushort>(); break;
            default: Keep<uint>(); break;
        }

        void Keep<T>() where T : unmanaged, INumber<T> => RangeBits.Keep(
            Codes<T>(), Array.ConvertAll(lows, T.CreateTruncating), Array.ConvertAll(highs, T.CreateTruncating), outside: false,
            bits.Words, cancellation);
    }
}
