using Swan.MLNet.Models.Onnx;

namespace Swan.MLNet.Portable;

/// <summary>A graph that looks into an image file's bytes, and fails where stock ML.NET would go on with wrong pixels.</summary>
/// <remarks>
/// Stock <c>LoadImages</c> doesn't tell an image's size before a resize step has changed it, ignores EXIF orientation, and takes a
/// truncated file for half an image. So the graph reads the header itself: PNG's is at a fixed place, JPEG's is found by going from segment to
/// segment.
/// Sources: PNG (ISO/IEC 15948) 5.2, 11.2.2, 11.2.5; JPEG (ITU-T T.81) B.1.1, B.2.2; Exif 2.32, 4.6.4 (tag 0x0112).
/// </remarks>
internal static class ImageFileGraph
{
    /// <summary>The input: UInt8, 1×(bytes of the file).</summary>
    public const string File = PortableColumns.File;

    /// <summary>The output: Int64, the number 1 of <see cref="GraphCheck"/>. What comes after takes it as an input, so that nothing runs before the file is found good.</summary>
    public const string Checked = PortableColumns.Checked;

    public const string KindFault = "Swan: the file must be a PNG or JPEG image - stock ML.NET can't check or can't read TIFF and others";
    public const string WholeFault = "Swan: the image file must be whole, but it ends too early";
    public const string UprightFault = "Swan: the image must be stored upright, but its EXIF orientation turns it, which stock ML.NET ignores";

    // Room to look at a header's fields even where a file is too short to have them.
    private const int Padding = 32;
    private const int MostSegments = 1 << 16;

    public static string SizeFault(int width, int height) => $"Swan: the image must have {width}x{height} pixels, the size that was declared when the pipeline was saved";

    public static byte[] Build(int width, int height)
    {
        var g = new OnnxGraph("image file");
        string bytes = g.Cast(g.Squeeze(g.Input(File, OnnxType.UInt8, 1, "bytes"), 0), OnnxType.Int32);
        string length = g.Size(bytes, 0);
        string padded = g.Concat(0, bytes, g.Int32s(new int[Padding], Padding));
        // pairs[i] = the two bytes from i on, most significant first: all that is looked for is made of such pairs.
        string pairs = g.Add(g.Multiply(g.Slice(padded, g.Integers(0), g.Integers(-1)), Number(g, 256)), g.Slice(padded, g.Integers(1), g.Integers(long.MaxValue)));

        string png = Png(g, pairs);
        (string jpeg, string frame, string scan) = Jpeg(g, pairs, length);
        string beforeScan = g.Slice(pairs, g.Integers(0), scan), afterScan = g.Slice(pairs, scan, g.Integers(long.MaxValue));
        string size = Choose(
            g.And(g.And(Is(g, pairs, 16, width >> 16), Is(g, pairs, 18, width & 0xFFFF)), g.And(Is(g, pairs, 20, height >> 16), Is(g, pairs, 22, height & 0xFFFF))),
            g.And(Is(g, pairs, frame, 5, height), Is(g, pairs, frame, 7, width)));
        string whole = Choose(Any(g, pairs, 0x4945, 0x4E44, 0xAE42, 0x6082), Any(g, afterScan, 0xFFD9));
        string upright = g.Or(png, g.Not(Turned(g, beforeScan)));

        string one = GraphCheck.Start(g);
        one = g.Require(one, g.Or(png, jpeg), KindFault);
        one = g.Require(one, size, SizeFault(width, height));
        one = g.Require(one, whole, WholeFault);
        one = g.Require(one, upright, UprightFault);
        // A sum, because its shape is known whatever comes in: were the check's own shape known, it would be optimised away.
        g.Output(Checked, g.Node("ReduceSum", [one, g.Integers(0)], ("keepdims", 1L)), OnnxType.Int64, 1);
        return g.Build();

        string Choose(string ofPng, string ofJpeg) => g.Or(g.And(png, ofPng), g.And(jpeg, ofJpeg));
    }

    private static string Png(OnnxGraph g, string pairs)
    {
        string is1 = g.And(Is(g, pairs, 0, 0x8950), Is(g, pairs, 2, 0x4E47));
        string is2 = g.And(Is(g, pairs, 4, 0x0D0A), Is(g, pairs, 6, 0x1A0A));
        return g.And(g.And(is1, is2), g.And(Is(g, pairs, 12, 0x4948), Is(g, pairs, 14, 0x4452)));
    }

    /// <summary>Whether it is a JPEG, where its frame header is, and (a vector of one) where its first scan begins.</summary>
    private static (string Is, string Frame, string Scan) Jpeg(OnnxGraph g, string pairs, string length)
    {
        string start = g.Integer(2), noFrame = g.Integer(0);
        string isJpeg = Is(g, pairs, 0, 0xFFD8);
        string[] found = g.Nodes("Loop", [g.Integer(MostSegments), isJpeg, start, noFrame], 2, ("body", NextSegment(pairs, length)));
        string atScan = Is(g, pairs, found[0], 0, 0xFFDA);
        return (g.And(isJpeg, g.And(atScan, g.AtLeast(found[1], g.Integer(2)))), found[1], g.Unsqueeze(found[0], 0));
    }

    /// <summary>One step of the loop: (position of a marker, position of the frame header) → the same, one segment on.</summary>
    private static OnnxGraph NextSegment(string pairs, string length)
    {
        var g = new OnnxGraph("next segment", "segment/");
        g.Input("segment/iteration", OnnxType.Int64);
        g.Input("segment/go", OnnxType.Bool);
        string at = g.Input("segment/at", OnnxType.Int64), frame = g.Input("segment/frame", OnnxType.Int64);
        string marker = g.Gather(pairs, at);
        string size = g.Cast(g.Gather(pairs, g.Add(at, g.Integer(2))), OnnxType.Int64);
        // A marker may be preceded by any number of bytes 0xFF.
        string step = g.Where(g.Equal(marker, Number(g, 0xFFFF)), g.Integer(1), g.Add(size, g.Integer(2)));
        string next = g.Node("Min", [g.Add(at, step), length]);
        // SOF0 to SOF15; among them are DHT (C4), JPG (C8) and DAC (CC), which are none.
        string named = g.And(g.AtLeast(marker, Number(g, 0xFFC0)), g.AtLeast(Number(g, 0xFFCF), marker));
        string other = g.Or(g.Or(g.Equal(marker, Number(g, 0xFFC4)), g.Equal(marker, Number(g, 0xFFC8))), g.Equal(marker, Number(g, 0xFFCC)));
        string ends = g.Or(g.Equal(marker, Number(g, 0xFFDA)), g.Equal(marker, Number(g, 0xFFD9)));
        string goes = g.And(g.AtLeast(marker, Number(g, 0xFF00)), g.Not(ends));
        g.Output("segment/goes", goes, OnnxType.Bool);
        g.Output("segment/next", g.Where(goes, next, at), OnnxType.Int64);
        g.Output("segment/frame_out", g.Where(g.And(named, g.Not(other)), at, frame), OnnxType.Int64);
        return g;
    }

    /// <summary>An orientation of 2 to 8 as an entry of an Exif directory, in either byte order: tag 0x0112, one SHORT, its value.</summary>
    private static string Turned(OnnxGraph g, string pairs)
    {
        string big = g.Node("Greater", [Number(g, 9), Shifted(g, pairs, 8)]);
        big = g.And(Run(g, pairs, 0x0112, 0x0003, 0x0000, 0x0001), g.And(big, g.AtLeast(Shifted(g, pairs, 8), Number(g, 2))));
        string value = Shifted(g, pairs, 8);
        string high = g.Divide(value, Number(g, 256));
        string little = g.And(g.Equal(g.Multiply(high, Number(g, 256)), value), g.And(g.AtLeast(high, Number(g, 2)), g.AtLeast(Number(g, 8), high)));
        return AnyTrue(g, g.Or(big, g.And(Run(g, pairs, 0x1201, 0x0300, 0x0100, 0x0000), little)));
    }

    private static string Any(OnnxGraph g, string pairs, params int[] run) => AnyTrue(g, Run(g, pairs, run));

    private static string AnyTrue(OnnxGraph g, string conditions) =>
        g.AtLeast(g.Node("ReduceSum", [g.Cast(conditions, OnnxType.Int32)], ("keepdims", 0L)), Number(g, 1));

    // For each position whether the pairs from there on are those; positions too near the end are left out.
    private static string Run(OnnxGraph g, string pairs, params int[] run)
    {
        string? all = null;
        for (int i = 0; i < run.Length; i++)
        {
            string one = g.Equal(Shifted(g, pairs, 2 * i), Number(g, run[i]));
            all = all is null ? one : g.And(all, one);
        }
        return all!;
    }

    // pairs[i + by], as long for every `by` up to 8 as to be compared with each other.
    private static string Shifted(OnnxGraph g, string pairs, int by) =>
        g.Slice(pairs, g.Integers(by), by == Reach ? g.Integers(long.MaxValue) : g.Integers(by - Reach));

    private const int Reach = 8;

    private static string Is(OnnxGraph g, string pairs, int at, int value) => g.Equal(g.Gather(pairs, g.Integer(at)), Number(g, value));

    private static string Is(OnnxGraph g, string pairs, string from, int by, int value) => g.Equal(g.Gather(pairs, g.Add(from, g.Integer(by))), Number(g, value));

    private static string Number(OnnxGraph g, int value) => g.Int32s([value]);
}
