using System.Text.Json.Serialization;

namespace Swan.MLNet.ModelFiles;

/// <summary>The arithmetic of a model file's encoders.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SwanComputePrecision>))]
public enum SwanComputePrecision
{
    /// <summary>The default: float32, whatever the storage of the weights.</summary>
    [JsonStringEnumMemberName("float32")]
    Float32,

    /// <summary>8-bit integers in most layers, marked in the graphs (QuantizeLinear, DequantizeLinear).</summary>
    [JsonStringEnumMemberName("int8")]
    Int8,
}
