using System.Text.Json.Serialization;
using Swan.Training.Losses;

namespace Swan.Training;

/// <summary>Losses for training.</summary>
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

/// <summary>What stands behind each <see cref="LossKind"/>: a line for each.</summary>
/// <param name="Kind">The option's value.</param>
/// <param name="Create">Builds the loss.</param>
/// <param name="Faults">What is wrong with the options that the loss reads, whichever loss is chosen.</param>
internal sealed record LossSpec(
    LossKind Kind, Func<ILossOptions, RetrievalLoss> Create, Func<LossKind, ILossOptions, IEnumerable<string>> Faults)
{
    public static IReadOnlyList<LossSpec> All { get; } =
    [
        new(LossKind.TripletSum, o => new TripletLoss(o.Margin), TripletLoss.Faults),
        new(LossKind.TripletHardest, o => new TripletLoss(o.Margin, hardest: true), TripletLoss.Faults),
        new(LossKind.InfoNce, o => new InfoNceLoss(o.Temperature), InfoNceLoss.Faults),
    ];
}
