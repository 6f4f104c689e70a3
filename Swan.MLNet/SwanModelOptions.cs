using Microsoft.Extensions.Logging;

namespace Swan.MLNet;

/// <summary>How a model is opened. What a machine decides, not what a model is: nothing here is saved with a model.</summary>
public sealed record SwanModelOptions
{
    /// <summary>Where the encoders run. Default <see cref="SwanDevice.Auto"/>.</summary>
    public SwanDevice Device { get; init; } = SwanDevice.Auto;

    /// <summary>
    /// Threads within one encoder run. Default 0: one per processor that this process may use, as .NET counts them (affinity and a
    /// container's CPU limit included).
    /// </summary>
    public int Threads { get; init; }

    /// <summary>
    /// Whether threads that wait for work spin instead of sleeping. Default false: spinning takes whole processors from image decoding and
    /// from neighbors. True can shorten single runs on a machine that does nothing else.
    /// </summary>
    public bool AllowSpinning { get; init; }

    /// <summary>
    /// Gets a warning where texts are longer than the model takes, once a call. Default null: nothing is logged, and the counter
    /// <c>swan.captions.truncated</c> alone tells.
    /// </summary>
    public ILogger? Logger { get; init; }

    /// <summary>What the device report says of a device that was not found by itself.</summary>
    internal const string AsAsked = "as asked";

    /// <summary>Who chose <see cref="Device"/>.</summary>
    internal string DeviceReason { get; init; } = AsAsked;

    /// <summary>What else can be done where the device isn't there.</summary>
    internal string DeviceRemedy { get; init; } = "or ask for 'auto' or 'cpu'.";

    internal void Check()
    {
        if (Threads < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Threads), Threads,
                $"{nameof(Threads)} is {Threads}; expected 0 (one per processor) or more.");
        }
    }
}
