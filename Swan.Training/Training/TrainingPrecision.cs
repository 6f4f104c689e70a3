using System.Text.Json.Serialization;

namespace Swan.Training;

/// <summary>In which numbers training steps compute; weights, gradients and sums of losses are float32 in each.</summary>
/// <remarks>
/// On a GPU, what is in float32 is so with all of its 24 bits: a training switches TF32 off in libtorch, for the whole process.
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<TrainingPrecision>))]
public enum TrainingPrecision
{
    /// <summary>All in float32, on a GPU too: not in the shorter TF32 that libtorch would convolve in.</summary>
    [JsonStringEnumMemberName("float32")]
    Float32,

    /// <summary>The linear maps of a pretrained text tower in bfloat16, the rest in float32.</summary>
    [JsonStringEnumMemberName("bfloat16_text")]
    Bfloat16Text,

    /// <summary>
    /// Convolutions and matrix products of both towers in bfloat16, what needs more in float32 (libtorch's automatic mixed precision), and
    /// the loss in float32.
    /// </summary>
    /// <remarks>Linux; macOS untried.</remarks>
    [JsonStringEnumMemberName("bfloat16")]
    Bfloat16,
}
