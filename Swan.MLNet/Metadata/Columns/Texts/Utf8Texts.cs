using System.Text;
using System.Text.Unicode;

namespace Swan.MLNet.Metadata;

/// <summary>Some texts in UTF-8, one behind the other, with their offsets.</summary>
internal sealed class Utf8Texts(SwanColumn column, ReadOnlyMemory<byte> part, TextLayout layout)
{
    /// <summary>A text's bytes; <see cref="Require"/> comes before.</summary>
    public ReadOnlySpan<byte> this[int text]
    {
        get
        {
            ReadOnlySpan<int> offsets = Offsets;
            return Bytes[offsets[text]..offsets[text + 1]];
        }
    }

    private ReadOnlySpan<int> Offsets => ColumnPart.Values<int>(part, layout.OffsetsAt, layout.Texts + 1);

    private ReadOnlySpan<byte> Bytes => ColumnPart.Values<byte>(part, layout.TextsAt, (int)layout.TextBytes);

    /// <summary>A text; <see cref="Require"/> comes before.</summary>
    public string Text(int text) => Encoding.UTF8.GetString(this[text]);

    /// <summary>Looks through all offsets and bytes.</summary>
    /// <exception cref="SwanFormatException">They are not texts.</exception>
    public void Require()
    {
        ReadOnlySpan<int> offsets = Offsets;
        ReadOnlySpan<byte> bytes = Bytes;
        if (offsets[0] != 0 || offsets[^1] != bytes.Length)
            throw ColumnPart.Damaged(column, $"its texts go from byte {offsets[0]} to {offsets[^1]} of {bytes.Length}");
        for (int i = 1; i < offsets.Length; i++)
        {
            if (offsets[i] < offsets[i - 1])
                throw ColumnPart.Damaged(column, $"its text {i - 1} goes from byte {offsets[i - 1]} back to byte {offsets[i]}");
        }
        if (!Utf8.IsValid(bytes)) throw ColumnPart.Damaged(column, "its texts are not UTF-8");
        foreach (int offset in offsets[..^1])
        {
            // All of it is UTF-8, so a text is, too, unless it begins or ends within a character.
            if (offset < bytes.Length && (bytes[offset] & 0xC0) == 0x80)
                throw ColumnPart.Damaged(column, $"a text begins at byte {offset}, within a character");
        }
    }
}
