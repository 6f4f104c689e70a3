using Swan.MLNet.Onnx;

namespace Swan.MLNet.Portable;

internal static partial class ImageFileGraph
{
    /// <summary>
    /// Whether it begins as a JPEG, whether its segments lead to the end of the image, and where its frame header and its first scan are
    /// (0: nowhere).
    /// </summary>
    private static (string Is, string Whole, string Frame, string Scan) Jpeg(OnnxGraph g, string pairs, string length)
    {
        string starts = g.And(Is(g, pairs, 0, 0xFFD8), g.AtLeast(g.Gather(pairs, g.Integer(2)), Number(g, 0xFF00)));
        // What can begin a segment, or end the image: not a coded FF (00), 01, restarts and starts (D0 to D8), or a fill byte (FF).
        string among = g.And(g.AtLeast(pairs, Number(g, 0xFF02)), g.AtLeast(Number(g, 0xFFFE), pairs));
        string markers = g.And(among, g.Not(g.And(g.AtLeast(pairs, Number(g, 0xFFD0)), g.AtLeast(Number(g, 0xFFD8), pairs))));
        // The length last, so there is always a next one.
        string positions = g.Concat(0, g.Squeeze(g.Node("NonZero", [markers]), 0), g.Unsqueeze(length, 0));
        // before[i] = the markers before i, so positions[before[i]] is the first one from i on. A step of the loop looks no further.
        string before = g.Node("CumSum", [g.Cast(markers, OnnxType.Int32), g.Integer(0)], ("exclusive", 1L));

        string no = g.Cast(g.Integer(0), OnnxType.Bool);
        string[] end = g.Nodes("Loop", [g.Integer(MaxSegments), starts, g.Integer(2), g.Integer(0), g.Integer(0), no], 4,
            ("body", NextSegment(pairs, positions, before, length)));
        (string frame, string scan, string whole) = (end[1], end[2], end[3]);
        string ordered = g.And(g.AtLeast(frame, g.Integer(2)), g.Node("Greater", [scan, frame]));
        return (g.And(starts, ordered), whole, frame, scan);
    }

    /// <summary>
    /// One step: (where to search from, frame header, first scan, whether the image's end was reached) → the same, one segment on.
    /// </summary>
    private static OnnxGraph NextSegment(string pairs, string positions, string before, string length)
    {
        var g = new OnnxGraph("next segment", "segment/");
        g.Input("segment/iteration", OnnxType.Int64);
        g.Input("segment/go", OnnxType.Bool);
        string from = g.Input("segment/from", OnnxType.Int64), frame = g.Input("segment/frame", OnnxType.Int64),
            scan = g.Input("segment/scan", OnnxType.Int64);
        g.Input("segment/ended", OnnxType.Bool);
        string at = g.Gather(positions, g.Gather(before, from));
        string marker = g.Gather(pairs, at);
        string contents = g.Add(at, g.Integer(2));
        string size = g.Cast(g.Gather(pairs, contents), OnnxType.Int64);
        string next = g.Add(contents, size);
        // The size itself takes two bytes, whatever it says.
        string inside = g.And(g.AtLeast(length, next), g.AtLeast(length, g.Add(contents, g.Integer(2))));
        string ends = g.Equal(marker, Number(g, 0xFFD9));
        string goes = g.And(inside, g.Not(ends));
        // SOF0 to SOF15; among them are DHT (C4), JPG (C8) and DAC (CC), which are none.
        string named = g.And(g.AtLeast(marker, Number(g, 0xFFC0)), g.AtLeast(Number(g, 0xFFCF), marker));
        string other = g.Or(
            g.Or(g.Equal(marker, Number(g, 0xFFC4)), g.Equal(marker, Number(g, 0xFFC8))), g.Equal(marker, Number(g, 0xFFCC)));
        string firstScan = g.And(g.Equal(marker, Number(g, 0xFFDA)), g.Equal(scan, g.Integer(0)));
        g.Output("segment/goes", goes, OnnxType.Bool);
        g.Output("segment/next", next, OnnxType.Int64);
        g.Output("segment/frame_out", g.Where(g.And(named, g.Not(other)), at, frame), OnnxType.Int64);
        g.Output("segment/scan_out", g.Where(firstScan, at, scan), OnnxType.Int64);
        g.Output("segment/ends", ends, OnnxType.Bool);
        return g;
    }
}
