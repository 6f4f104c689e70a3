using System.Text.Json.Serialization;

namespace Swan.Training;

/// <summary>Mode of the backbone's batch-norm layers during training.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BatchNormMode>))]
public enum BatchNormMode
{
    /// <summary>They normalize with batch statistics and update their running statistics, even in a frozen backbone.</summary>
    /// <remarks>As in the paper.</remarks>
    [JsonStringEnumMemberName("train")]
    Train,

    /// <summary>They normalize with the statistics that they came with.</summary>
    /// <remarks>With <see cref="SwanTrainerOptions.Init"/>, so do those of SWAN's modules.</remarks>
    [JsonStringEnumMemberName("eval")]
    Eval,
}
