using System.Text.Json.Serialization;

namespace Swan.MLNet.Imaging;

/// <summary>The resolution in which an image is decoded before resizing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageDecode>))]
public enum ImageDecode
{
    /// <summary>The default: in full.</summary>
    [JsonStringEnumMemberName("full")]
    Full,

    /// <summary>Large JPEG images are decoded at a reduced scale of the format, from 1/8 to 6/8.</summary>
    /// <remarks>
    /// The scale is the smallest at which both sides still have twice the encoder's pixels, rounded up. Decoding is faster and uses less
    /// memory; the pixels of such images change slightly. All other images are decoded in full.
    /// </remarks>
    [JsonStringEnumMemberName("scaled")]
    Scaled,
}
