using System.Text.Json.Serialization;

namespace Swan.MLNet.Imaging;

/// <summary>How an image becomes the encoder's input.</summary>
/// <remarks>
/// It is part of the model card, so serving repeats the preprocessing of training exactly. The contract <c>swan-image-1</c>: decode to
/// 8-bit RGB, squash to <see cref="Size"/>×<see cref="Size"/> without keeping the aspect ratio (antialiased bilinear, 8-bit result), scale
/// to [0, 1], subtract <see cref="Mean"/>, divide by <see cref="Std"/>. The last three steps are inside the ONNX graph, whose input is
/// bytes. Source: docs/spec/network.md, section 1.
/// </remarks>
public sealed record ImagePreprocessing
{
    /// <summary>The only contract this version implements.</summary>
    public const string SwanImage1 = "swan-image-1";

    /// <summary>The contract's name.</summary>
    public string Contract { get; init; } = SwanImage1;

    /// <summary>Side of the square input in pixels (default 256).</summary>
    public int Size { get; init; } = 256;

    /// <summary>Mean of red, green and blue in [0, 1] (default: ImageNet's).</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>Standard deviation of red, green and blue, each above 0 (default: ImageNet's).</summary>
    [JsonPropertyName("deviation")]
    public IReadOnlyList<float> Std { get; init; } = [0.229f, 0.224f, 0.225f];

    /// <summary>The resolution in which images are decoded (default: in full).</summary>
    /// <remarks>Not in model files of format version 1, whose images are decoded in full.</remarks>
    public ImageDecode Decode { get; init; }

    /// <summary>
    /// The samples that become black and white unless the caller or the file sets them: <see cref="SampleRange.Full"/> or percentiles
    /// (default: <see cref="SampleRange.Default"/>).
    /// </summary>
    /// <remarks>Not in model files of format version 1, which follow the default.</remarks>
    public SampleRange Range { get; init; } = SampleRange.Default;

    /// <summary>The bands of the encoder's three inputs, in order (default: <c>red</c>, <c>green</c>, <c>blue</c>).</summary>
    /// <remarks>Not in model files of format version 1, which take red, green and blue.</remarks>
    public IReadOnlyList<string> Bands { get; init; } = ["red", "green", "blue"];

    /// <summary>Bytes of one preprocessed image: <c>Size * Size * 3</c>, height × width × channel.</summary>
    [JsonIgnore]
    public int ByteCount => Size * Size * 3;
}
