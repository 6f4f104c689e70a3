using System.Text.Json.Serialization;

namespace Swan.Training;

/// <summary>Schedules of the learning rates over a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScheduleKind>))]
public enum ScheduleKind
{
    /// <summary>The authors' loop: ×0.7 before epochs 19, 39, …, counted from 0.</summary>
    [JsonStringEnumMemberName("paper")]
    Paper,

    /// <summary>Half a cosine from the full rate to zero over the whole run.</summary>
    [JsonStringEnumMemberName("cosine")]
    Cosine,

    /// <summary>The full rate throughout.</summary>
    [JsonStringEnumMemberName("constant")]
    Constant,
}
