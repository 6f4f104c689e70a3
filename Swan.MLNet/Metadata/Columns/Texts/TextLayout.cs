using System.Buffers.Binary;

namespace Swan.MLNet.Metadata;

/// <summary>Where the sections of a column of texts lie.</summary>
/// <remarks>
/// The part begins with four 32-bit integers and zeros up to byte 64: the form (1 dictionary, 2 plain), the bytes of a code (1, 2 or 4;
/// plain: 0), the number of texts, and the bytes of all texts. Then, each from a multiple of 64 bytes on:
/// <list type="table">
/// <item><term>Dictionary</term><description>
/// a code a row, the number of the row's text or, where it is missing, the number of texts; then the texts: each distinct one once, by
/// rising UTF-16 code units.
/// </description></item>
/// <item><term>Plain</term><description>a bitmap of rows that have a text; then the texts: one for every row, empty where it is missing.
/// </description></item>
/// <item><term>Texts</term><description>
/// one 32-bit offset more than there are texts, the first 0 and the last the bytes of all texts, none less than the one before; then the
/// UTF-8 of all texts, text i being the bytes from offset i to offset i + 1.
/// </description></item>
/// </list>
/// </remarks>
internal readonly record struct TextLayout(bool Dictionary, int CodeBytes, int Texts, long TextBytes, int Rows)
{
    private const int HeaderBytes = 64, DictionaryForm = 1, PlainForm = 2;

    // A predicate is evaluated once for each distinct text. That pays while the texts are few, or a small share of the rows.
    private const int FewTexts = ushort.MaxValue, ShareOfRows = 8;

    /// <summary>Where codes, or the bitmap, begin.</summary>
    public static long RowsAt => HeaderBytes;

    /// <summary>Where offsets begin.</summary>
    public long OffsetsAt => HeaderBytes + (Dictionary ? ColumnPart.Align((long)Rows * CodeBytes) : ColumnPart.BitmapBytes(Rows));

    /// <summary>Where the UTF-8 of the texts begins.</summary>
    public long TextsAt => OffsetsAt + ColumnPart.Align(4L * (Texts + 1L));

    /// <summary>Bytes of the part.</summary>
    public long Length => TextsAt + ColumnPart.Align(TextBytes);

    /// <summary>Whether texts are to be kept once each, with codes.</summary>
    public static bool SuitsDictionary(int distinct, int rows) => distinct <= FewTexts || distinct <= rows / ShareOfRows;

    /// <summary>The bytes of a code that also has to say that a text is missing.</summary>
    public static int CodeBytesFor(int distinct) => distinct <= byte.MaxValue ? 1 : distinct <= ushort.MaxValue ? 2 : 4;

    /// <summary>Reads the header, and checks it against the rows and the bytes of the part.</summary>
    /// <exception cref="SwanFormatException">It can't be the header of such a part.</exception>
    public static TextLayout Read(SwanColumn column, int rows, ReadOnlyMemory<byte> part)
    {
        ReadOnlySpan<byte> bytes = part.Span;
        if (bytes.Length < HeaderBytes)
            throw ColumnPart.Damaged(column, $"its part has {bytes.Length} bytes, but the header alone has {HeaderBytes}");
        int form = ColumnPart.Int32(bytes, 0), codeBytes = ColumnPart.Int32(bytes, 1);
        int texts = ColumnPart.Int32(bytes, 2), textBytes = ColumnPart.Int32(bytes, 3);
        bool sound = texts >= 0 && textBytes >= 0 && form switch
        {
            DictionaryForm => texts <= rows && codeBytes == CodeBytesFor(texts),
            PlainForm => texts == rows && codeBytes == 0,
            _ => false,
        };
        if (!sound)
            throw ColumnPart.Damaged(column, $"its header has form {form}, {codeBytes} bytes per code, {texts} texts of {textBytes} bytes");
        var layout = new TextLayout(form == DictionaryForm, codeBytes, texts, textBytes, rows);
        ColumnPart.RequireLength(column, rows, part, layout.Length);
        return layout;
    }

    /// <summary>Writes the header.</summary>
    public void Write(Stream stream)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(header, Dictionary ? DictionaryForm : PlainForm);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], CodeBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Texts);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], checked((int)TextBytes));
        stream.Write(header);
    }
}
