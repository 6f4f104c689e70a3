using System.Text.Json.Serialization;

namespace Swan.MLNet.Imaging;

/// <summary>In which resolution an image is decoded before it is resized.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageDecode>))]
public enum ImageDecode
{
    /// <summary>The default: in full.</summary>
    [JsonStringEnumMemberName("full")]
    Full,

    /// <summary>Large JPEG images in one of the format's own smaller scales. It is faster and changes their pixels a little.</summary>
    [JsonStringEnumMemberName("scaled")]
    Scaled,
}
