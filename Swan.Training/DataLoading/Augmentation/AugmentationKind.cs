using System.Text.Json.Serialization;

namespace Swan.Training.DataLoading;

/// <summary>Random changes of training images.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AugmentationKind>))]
public enum AugmentationKind
{
    /// <summary>No change: the image as in inference.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>The paper's: a rotation by [0°, 90°) with black corners and a random crop.</summary>
    [JsonStringEnumMemberName("paper")]
    Paper,

    /// <summary>For images taken from straight above: flips, quarter turns, random resized crops, brightness and contrast.</summary>
    [JsonStringEnumMemberName("nadir")]
    Nadir,
}
