using System.Diagnostics.Metrics;

namespace Swan.MLNet.Diagnostics;

/// <summary>
/// How many rows stand at one stage. Counted whether or not anybody listens: a listener that comes late must see the truth.
/// </summary>
internal sealed class RowQueue(string tower, string stage)
{
    public const string Image = "image";
    public const string Caption = "caption";

    private readonly KeyValuePair<string, object?>[] _tags = SwanTelemetry.QueueTags(tower, stage);
    private long _rows;

    public static RowQueue ImagesWaiting { get; } = new(Image, "wait");

    public static RowQueue ImagesDecoding { get; } = new(Image, "decode");

    public static RowQueue ImagesEncoding { get; } = new(Image, "encode");

    public static RowQueue CaptionsWaiting { get; } = new(Caption, "wait");

    public static RowQueue CaptionsEncoding { get; } = new(Caption, "encode");

    public Measurement<long> Depth => new(Interlocked.Read(ref _rows), _tags);

    public void Enter(int rows) => Interlocked.Add(ref _rows, rows);

    public void Leave(int rows) => Interlocked.Add(ref _rows, -rows);
}
