using System.Text.Json.Serialization;

namespace Swan.MLNet.Imaging;

/// <summary>In which resolution an image is decoded before it is resized.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageDecode>))]
public enum ImageDecode
{
    /// <summary>The default: in full.</summary>
    [JsonStringEnumMemberName("full")]
    Full,

    /// <summary>Large JPEG images are decoded at a reduced scale of the format, from 1/8 to 6/8.</summary>
    /// <remarks>
    /// It is the smallest scale in which both sides still have twice the encoder's pixels, rounded up. It is faster, takes less memory and
    /// changes pixels of such images a little. All others are decoded in full.
    /// </remarks>
    [JsonStringEnumMemberName("scaled")]
    Scaled,
}
