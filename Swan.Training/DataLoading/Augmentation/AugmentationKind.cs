using System.Text.Json.Serialization;

namespace Swan.Training.DataLoading;

/// <summary>The augmentations that training knows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AugmentationKind>))]
public enum AugmentationKind
{
    /// <summary>The image as serving sees it.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>The paper's: a rotation by [0°, 90°) with black corners and a random crop.</summary>
    [JsonStringEnumMemberName("paper")]
    Paper,

    /// <summary>For images taken from straight above: flips, quarter turns, random resized crops, brightness and contrast.</summary>
    [JsonStringEnumMemberName("nadir")]
    Nadir,
}
