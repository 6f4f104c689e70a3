using System.Text.Json.Serialization;

namespace Swan.MLNet.ModelFiles;

/// <summary>Which reading of the paper a network follows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SwanVariant>))]
public enum SwanVariant
{
    /// <summary>
    /// The default: padding is masked everywhere, so a caption's vector is the same alone and in any batch; attention scores are not
    /// floored, so the gate learns; the joint representation units take part in the output.
    /// </summary>
    [JsonStringEnumMemberName("canonical")]
    Canonical,

    /// <summary>
    /// Bit for bit what the authors' implementation computes, for published checkpoints and for parity (docs/spec/network.md, section 3).
    /// </summary>
    [JsonStringEnumMemberName("reference")]
    Reference,
}
