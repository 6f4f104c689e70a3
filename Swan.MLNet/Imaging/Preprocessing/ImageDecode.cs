using System.Text.Json.Serialization;

namespace Swan.MLNet.Imaging;

/// <summary>In which resolution an image is decoded before it is resized.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageDecode>))]
public enum ImageDecode
{
    /// <summary>The default: in full.</summary>
    [JsonStringEnumMemberName("full")]
    Full,

    /// <summary>
    /// Large JPEG images in the smallest of the format's own scales from 1/8 to 6/8 in which both sides still have twice the encoder's
    /// pixels, rounded up. It is faster, takes less memory and changes pixels of such images a little; all others are decoded in full.
    /// </summary>
    [JsonStringEnumMemberName("scaled")]
    Scaled,
}
