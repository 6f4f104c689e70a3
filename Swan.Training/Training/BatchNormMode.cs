using System.Text.Json.Serialization;

namespace Swan.Training;

/// <summary>What the backbone's BatchNorm layers do while training.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BatchNormMode>))]
public enum BatchNormMode
{
    /// <summary>They normalize by the batch, and their running statistics move, even under a frozen backbone.</summary>
    /// <remarks>As in the paper.</remarks>
    [JsonStringEnumMemberName("train")]
    Train,

    /// <summary>They normalize by the statistics that they came with.</summary>
    /// <remarks>With <see cref="SwanTrainerOptions.Init"/>, so do those of SWAN's modules.</remarks>
    [JsonStringEnumMemberName("eval")]
    Eval,
}
