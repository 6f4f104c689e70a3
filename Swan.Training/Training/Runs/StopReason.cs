using System.Text.Json.Serialization;

namespace Swan.Training;

/// <summary>Why a run ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StopReason>))]
public enum StopReason
{
    /// <summary>All epochs are done.</summary>
    MaxEpochs,

    /// <summary><see cref="SwanTrainerOptions.Minutes"/> have passed.</summary>
    TimeLimit,

    /// <summary>mR hasn't risen for <see cref="SwanTrainerOptions.Patience"/> validations.</summary>
    EarlyStopping,

    /// <summary>The cancellation token requested it.</summary>
    Cancelled,
}
