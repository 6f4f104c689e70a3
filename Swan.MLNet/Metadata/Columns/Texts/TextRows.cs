using System.Runtime.InteropServices;
using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>Texts, which are kept once each until they are written.</summary>
internal sealed class TextRows : ColumnRows
{
    private const int Missing = -1;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];
    private readonly List<int> _rows = []; // the number of each row's text, by first appearance
    private long _allBytes, _distinctBytes;

    public override long Length => Layout.Length;

    private TextLayout Layout => TextLayout.SuitsDictionary(_texts.Count, Count)
        ? new TextLayout(true, TextLayout.CodeBytesFor(_texts.Count), _texts.Count, _distinctBytes, Count)
        : new TextLayout(false, 0, Count, _allBytes, Count);

    public override void Write(Stream stream)
    {
        TextLayout layout = Layout;
        layout.Write(stream);
        if (layout.Dictionary)
        {
            int[] order = [.. Enumerable.Range(0, _texts.Count)];
            Array.Sort(order, (a, b) => string.CompareOrdinal(_texts[a], _texts[b]));
            WriteCodes(stream, order, layout.CodeBytes);
            WriteTexts(stream, order, layout.TextBytes);
        }
        else
        {
            WritePresent(stream);
            WriteTexts(stream, CollectionsMarshal.AsSpan(_rows), layout.TextBytes);
        }
    }

    private protected override void Keep(int row, object? value)
    {
        if (value is null)
        {
            _rows.Add(Missing);
            return;
        }
        string text = (string)value;
        if (!_numbers.TryGetValue(text, out int number))
        {
            _numbers[text] = number = _texts.Count;
            _texts.Add(text);
            _distinctBytes += Encoding.UTF8.GetByteCount(text);
        }
        _rows.Add(number);
        _allBytes += Encoding.UTF8.GetByteCount(text);
    }

    private void WriteCodes(Stream stream, int[] order, int codeBytes)
    {
        int[] codes = new int[order.Length];
        for (int code = 0; code < order.Length; code++) codes[order[code]] = code;
        int Code(int number) => number == Missing ? order.Length : codes[number];
        switch (codeBytes)
        {
            case 1: ColumnPart.Write<byte>(stream, [.. _rows.Select(number => (byte)Code(number))]); break;
            case 2: ColumnPart.Write<ushort>(stream, [.. _rows.Select(number => (ushort)Code(number))]); break;
            default: ColumnPart.Write<int>(stream, [.. _rows.Select(Code)]); break;
        }
    }

    private void WriteTexts(Stream stream, ReadOnlySpan<int> numbers, long bytes)
    {
        int[] offsets = new int[numbers.Length + 1];
        for (int i = 0; i < numbers.Length; i++)
            offsets[i + 1] = checked(offsets[i] + (numbers[i] == Missing ? 0 : Encoding.UTF8.GetByteCount(_texts[numbers[i]])));
        ColumnPart.Write<int>(stream, offsets);
        foreach (int number in numbers)
        {
            if (number != Missing) stream.Write(Encoding.UTF8.GetBytes(_texts[number]));
        }
        ColumnPart.Pad(stream, bytes);
    }
}
