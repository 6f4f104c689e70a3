using System.Text.Json.Serialization;

namespace Swan.MLNet.ModelFiles;

/// <summary>What a model file's encoders compute with.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SwanComputePrecision>))]
public enum SwanComputePrecision
{
    /// <summary>The default: float32, whatever the weights are stored as.</summary>
    [JsonStringEnumMemberName("float32")]
    Float32,

    /// <summary>8-bit integers in most layers, which the graphs say themselves (QuantizeLinear, DequantizeLinear).</summary>
    [JsonStringEnumMemberName("int8")]
    Int8,
}
