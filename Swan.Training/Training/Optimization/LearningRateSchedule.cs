using System.Text.Json.Serialization;

namespace Swan.Training;

/// <summary>How the learning rates move over a run.</summary>
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

/// <summary>The factor on every learning rate at a point of the run.</summary>
/// <remarks>Immutable. A factor rather than a rate, so that the backbone and the rest keep their ratio.</remarks>
internal sealed class LearningRateSchedule
{
    private const double PaperFactor = 0.7;
    private const int PaperEpochs = 20;
    private readonly ScheduleKind _kind;
    private readonly double _warmUpEpochs;
    private readonly int _epochs;

    /// <summary>Makes a schedule.</summary>
    /// <param name="kind">Its shape.</param>
    /// <param name="epochs">Epochs of the run.</param>
    /// <param name="warmUpEpochs">The rates rise linearly over so many epochs first; fractions count.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public LearningRateSchedule(ScheduleKind kind, int epochs, double warmUpEpochs = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(warmUpEpochs);
        (_kind, _epochs, _warmUpEpochs) = (kind, epochs, warmUpEpochs);
    }

    /// <summary>The factor for one training step, in (0, 1] except at a cosine's very end.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="step">From 0, within the epoch.</param>
    /// <param name="steps">Steps of an epoch.</param>
    /// <param name="timeShare">
    /// The share of the time limit that has passed, 0 without one. A cosine follows whichever of epochs and time is further, so that a run
    /// that its time limit ends still comes to rest; such a run depends on the machine's speed.
    /// </param>
    public double Factor(int epoch, int step, int steps, double timeShare = 0)
    {
        double at = epoch + (double)step / steps;
        // +1: the first step already learns, and the last step of the warm-up has the full rate.
        double warmUp = _warmUpEpochs * steps;
        double rise = warmUp > 0 ? Math.Min(1, (epoch * (double)steps + step + 1) / warmUp) : 1;
        return rise * _kind switch
        {
            ScheduleKind.Paper => Math.Pow(PaperFactor, (epoch + 1) / PaperEpochs),
            ScheduleKind.Cosine => 0.5 * (1 + Math.Cos(Math.PI * Progress(at, timeShare))),
            _ => 1,
        };
    }

    private double Progress(double at, double timeShare)
    {
        double byEpochs = _epochs > _warmUpEpochs ? Math.Max(0, at - _warmUpEpochs) / (_epochs - _warmUpEpochs) : 0;
        return Math.Clamp(Math.Max(byEpochs, timeShare), 0, 1);
    }
}
