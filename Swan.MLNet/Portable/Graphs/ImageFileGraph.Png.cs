using Swan.MLNet.Onnx;

namespace Swan.MLNet.Portable;

internal static partial class ImageFileGraph
{
    private const int FirstChunk = 8;
    private const int ChunkFrame = 12; // length, type and checksum

    /// <summary>Whether it begins as a PNG, and whether its chunks lead to the last one.</summary>
    private static (string Is, string Whole) Png(OnnxGraph g, string pairs, string length)
    {
        string signature = g.And(
            g.And(Is(g, pairs, 0, 0x8950), Is(g, pairs, 2, 0x4E47)), g.And(Is(g, pairs, 4, 0x0D0A), Is(g, pairs, 6, 0x1A0A)));
        string png = g.And(signature, g.And(Is(g, pairs, 12, 0x4948), Is(g, pairs, 14, 0x4452))); // IHDR
        string no = g.Cast(g.Integer(0), OnnxType.Bool);
        string[] end = g.Nodes("Loop", [g.Integer(MaxChunks), png, g.Integer(FirstChunk), no], 2, ("body", NextChunk(pairs, length)));
        return (png, end[1]);
    }

    /// <summary>One step: (position of a chunk, whether the last one was reached) → the same, one chunk on.</summary>
    private static OnnxGraph NextChunk(string pairs, string length)
    {
        var g = new OnnxGraph("next chunk", "chunk/");
        g.Input("chunk/iteration", OnnxType.Int64);
        g.Input("chunk/go", OnnxType.Bool);
        string at = g.Input("chunk/at", OnnxType.Int64);
        g.Input("chunk/ended", OnnxType.Bool);
        string size = g.Add(g.Multiply(Pair(0), g.Integer(1 << 16)), Pair(2));
        string next = g.Add(g.Add(at, size), g.Integer(ChunkFrame));
        string inside = g.AtLeast(length, next);
        string last = g.And(Is(g, pairs, at, 4, 0x4945), Is(g, pairs, at, 6, 0x4E44)); // IEND
        string goes = g.And(inside, g.Not(last));
        g.Output("chunk/goes", goes, OnnxType.Bool);
        g.Output("chunk/next", g.Where(goes, next, at), OnnxType.Int64);
        g.Output("chunk/ends", g.And(inside, last), OnnxType.Bool);
        return g;

        string Pair(int by) => g.Cast(g.Gather(pairs, g.Add(at, g.Integer(by))), OnnxType.Int64);
    }
}
