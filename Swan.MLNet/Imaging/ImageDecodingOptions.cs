namespace Swan.MLNet.Imaging;

/// <summary>Limits that are checked before memory is taken.</summary>
public sealed record ImageDecodingOptions
{
    internal static readonly ImageDecodingOptions Default = new();

    /// <summary>The most pixels (width × height) an image may have. Default 100 million: 300 MB as RGB.</summary>
    public long MaximumPixels { get; init; } = 100_000_000;

    /// <summary>The most bytes a file may have. Default 512 MiB.</summary>
    public long MaximumBytes { get; init; } = 512L << 20;
}
