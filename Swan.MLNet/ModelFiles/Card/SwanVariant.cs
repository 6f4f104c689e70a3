using System.Text.Json.Serialization;

namespace Swan.MLNet.ModelFiles;

/// <summary>The reading of the paper that a network follows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SwanVariant>))]
public enum SwanVariant
{
    /// <summary>The default: padding is masked, so a caption's embedding is the same alone and in any batch.</summary>
    /// <remarks>Attention scores are not floored, so the gate learns. The joint representation units take part in the output.</remarks>
    [JsonStringEnumMemberName("canonical")]
    Canonical,

    /// <summary>
    /// Computes bit for bit like the authors' implementation, for published checkpoints and for parity (docs/spec/network.md, section 3).
    /// </summary>
    [JsonStringEnumMemberName("reference")]
    Reference,
}
