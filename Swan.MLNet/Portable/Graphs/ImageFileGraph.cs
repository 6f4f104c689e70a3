using Swan.MLNet.Onnx;

namespace Swan.MLNet.Portable;

/// <summary>A graph that looks into an image file's bytes, and fails where stock ML.NET would go on with wrong pixels.</summary>
/// <remarks>
/// Stock <c>LoadImages</c> doesn't tell an image's size before a resize step has changed it, ignores orientation, and takes a truncated
/// file for half an image. So the graph walks through the file as <see cref="Imaging.ImageDecoder"/> does before decoding: from segment to
/// segment in a JPEG, from chunk to chunk in a PNG. Sources: PNG (ISO/IEC 15948) 5.2, 5.3, 11.2.2; JPEG (ITU-T T.81) B.1.1, B.2.2; Exif
/// 2.32, 4.6.4 (tag 0x0112).
/// </remarks>
internal static partial class ImageFileGraph
{
    /// <summary>The input: UInt8, 1×(bytes of the file).</summary>
    public const string File = PortableColumns.File;

    /// <summary>
    /// The output: Int64, the number 1 of <see cref="GraphCheck"/>. What comes after takes it as an input, so nothing runs before the
    /// file is found good.
    /// </summary>
    public const string Checked = PortableColumns.Checked;

    public const string KindFault = "Swan: the file must be a PNG or JPEG image - stock ML.NET can't check or can't read TIFF and others";
    public const string WholeFault = "Swan: the image file must be whole, but it ends too early or is damaged";
    public const string UprightFault =
        "Swan: the image must be stored upright, but its EXIF orientation turns it, which stock ML.NET ignores";

    // Room to look at a header's fields even where a file is too short to have them.
    private const int Padding = 32;

    // How far a search looks ahead of each position.
    private const int Reach = 8;

    // Far more than files have: scans and metadata of 64 KB; 128 MB in the 8 KB of most encoders. Each step takes some 50 µs, and a file
    // that was made to take long has a part every four bytes.
    private const int MaxSegments = 1 << 12, MaxChunks = 1 << 14;

    public static string SizeFault(int width, int height) =>
        $"Swan: the image must have {width}x{height} pixels, the size that was declared when the pipeline was saved";

    public static byte[] Build(int width, int height)
    {
        var g = new OnnxGraph("image file");
        string bytes = g.Cast(g.Squeeze(g.Input(File, OnnxType.UInt8, 1, "bytes"), 0), OnnxType.Int32);
        string length = g.Size(bytes, 0);
        string padded = g.Concat(0, bytes, g.Int32s(new int[Padding], Padding));
        // pairs[i] = the two bytes from i on, most significant first: all that is looked for is made of such pairs.
        string pairs = g.Add(g.Multiply(g.Slice(padded, g.Integers(0), g.Integers(-1)), Number(g, 256)),
            g.Slice(padded, g.Integers(1), g.Integers(long.MaxValue)));

        (string png, string pngWhole) = Png(g, pairs, length);
        (string jpeg, string jpegWhole, string frame, string scan) = Jpeg(g, pairs, length);
        string size = Choose(
            g.And(g.And(Is(g, pairs, 16, width >> 16), Is(g, pairs, 18, width & 0xFFFF)),
                g.And(Is(g, pairs, 20, height >> 16), Is(g, pairs, 22, height & 0xFFFF))),
            g.And(Is(g, pairs, frame, 5, height), Is(g, pairs, frame, 7, width)));
        // In a JPEG only before the coded data. A PNG's may come after them.
        string end = g.Unsqueeze(g.Where(png, length, scan), 0);
        string turned = Turned(g, g.Slice(pairs, g.Integers(0), end));

        string one = GraphCheck.Start(g);
        one = g.Require(one, g.Or(png, jpeg), KindFault);
        one = g.Require(one, size, SizeFault(width, height));
        one = g.Require(one, Choose(pngWhole, jpegWhole), WholeFault);
        one = g.Require(one, g.Not(turned), UprightFault);
        // A sum, because its shape is known whatever comes in: were the check's own shape known, it would be optimized away.
        g.Output(Checked, g.Node("ReduceSum", [one, g.Integers(0)], ("keepdims", 1L)), OnnxType.Int64, 1);
        return g.Build();

        string Choose(string ofPng, string ofJpeg) => g.Or(g.And(png, ofPng), g.And(jpeg, ofJpeg));
    }

    /// <summary>
    /// An orientation of 2 to 8 as an entry of an Exif directory, in either byte order: tag 0x0112, type SHORT, any count, its value.
    /// </summary>
    private static string Turned(OnnxGraph g, string pairs)
    {
        string value = Shifted(g, pairs, Reach);
        string big = g.And(g.AtLeast(value, Number(g, 2)), g.AtLeast(Number(g, 8), value));
        string high = g.Divide(value, Number(g, 256));
        string little = g.And(
            g.Equal(g.Multiply(high, Number(g, 256)), value), g.And(g.AtLeast(high, Number(g, 2)), g.AtLeast(Number(g, 8), high)));
        string turns = g.Or(g.And(Entry(0x0112, 0x0003), big), g.And(Entry(0x1201, 0x0300), little));
        return g.AtLeast(g.Node("ReduceSum", [g.Cast(turns, OnnxType.Int32)], ("keepdims", 0L)), Number(g, 1));

        string Entry(int tag, int type) =>
            g.And(g.Equal(Shifted(g, pairs, 0), Number(g, tag)), g.Equal(Shifted(g, pairs, 2), Number(g, type)));
    }

    // pairs[i + by] for the positions i that have all of their reach, so they can be compared with each other.
    private static string Shifted(OnnxGraph g, string pairs, int by) =>
        g.Slice(pairs, g.Integers(by), by == Reach ? g.Integers(long.MaxValue) : g.Integers(by - Reach));

    private static string Is(OnnxGraph g, string pairs, int at, int value) => g.Equal(g.Gather(pairs, g.Integer(at)), Number(g, value));

    private static string Is(OnnxGraph g, string pairs, string from, int by, int value) =>
        g.Equal(g.Gather(pairs, g.Add(from, g.Integer(by))), Number(g, value));

    private static string Number(OnnxGraph g, int value) => g.Int32s([value]);
}
