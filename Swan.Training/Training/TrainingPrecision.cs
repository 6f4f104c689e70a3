using System.Text.Json.Serialization;

namespace Swan.Training;

/// <summary>Precision of training steps; weights, gradients and sums of losses are always float32.</summary>
/// <remarks>
/// On a GPU, float32 keeps all of its 24 bits: training turns off TF32 in libtorch, for the whole process.
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<TrainingPrecision>))]
public enum TrainingPrecision
{
    /// <summary>All in float32; on a GPU, without the shorter TF32 in which libtorch would convolve.</summary>
    [JsonStringEnumMemberName("float32")]
    Float32,

    /// <summary>The linear maps of a pretrained text tower in bfloat16, the rest in float32.</summary>
    [JsonStringEnumMemberName("bfloat16_text")]
    Bfloat16Text,

    /// <summary>
    /// Convolutions and matrix products of both towers in bfloat16; operations that need more precision, and the loss, in float32
    /// (libtorch's automatic mixed precision).
    /// </summary>
    /// <remarks>Linux; untested on macOS.</remarks>
    [JsonStringEnumMemberName("bfloat16")]
    Bfloat16,
}
