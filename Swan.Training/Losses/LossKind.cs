using System.Text.Json.Serialization;

namespace Swan.Training;

/// <summary>The losses that training knows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LossKind>))]
public enum LossKind
{
    /// <summary>The paper's triplet loss, summed over all negatives of the batch.</summary>
    [JsonStringEnumMemberName("triplet_sum")]
    TripletSum,

    /// <summary>The triplet loss with only the hardest negative of each pair and direction.</summary>
    [JsonStringEnumMemberName("triplet_hardest")]
    TripletHardest,

    /// <summary>Symmetric cross-entropy over the batch with a learned temperature.</summary>
    [JsonStringEnumMemberName("info_nce")]
    InfoNce,
}
