using System.Text.Json.Serialization;

namespace Swan.MLNet.ModelFiles;

/// <summary>How padding counts when a <see cref="SwanVariant.Reference"/> text tower serves captions.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SwanPadding>))]
public enum SwanPadding
{
    /// <summary>Padding is masked: every caption is encoded as if alone.</summary>
    /// <remarks>The only policy of <see cref="SwanVariant.Canonical"/>.</remarks>
    [JsonStringEnumMemberName("masked")]
    Masked,

    /// <summary>Every caption is encoded as if padded to a fixed length, as in the training of published weights.</summary>
    [JsonStringEnumMemberName("fixed")]
    Fixed,
}
