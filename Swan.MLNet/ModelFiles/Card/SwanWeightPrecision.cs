using System.Text.Json.Serialization;

namespace Swan.MLNet.ModelFiles;

/// <summary>How a model file stores the weights of its encoders.</summary>
/// <remarks>Computation uses float32 in any case.</remarks>
[JsonConverter(typeof(JsonStringEnumConverter<SwanWeightPrecision>))]
public enum SwanWeightPrecision
{
    /// <summary>As trained: 4 bytes per weight.</summary>
    [JsonStringEnumMemberName("float32")]
    Float32,

    /// <summary>Rounded to 11 significant bits: 2 bytes per weight.</summary>
    [JsonStringEnumMemberName("float16")]
    Float16,

    /// <summary>
    /// Rounded to -127…127 times one float32 scale, for each output channel, or each row of a word table: about 1 byte per weight.
    /// </summary>
    [JsonStringEnumMemberName("int8")]
    Int8,
}
