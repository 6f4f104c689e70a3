namespace Swan.MLNet.Models;

/// <summary>How a model is opened. What a machine decides, not what a model is: nothing here is saved with a model.</summary>
public sealed record SwanModelOptions
{
    /// <summary>Where the encoders run. Default <see cref="SwanDevice.Auto"/>.</summary>
    public SwanDevice Device { get; init; } = SwanDevice.Auto;

    /// <summary>Threads within one encoder run. Default 0: one per processor that this process may use.</summary>
    public int Threads { get; init; }

    internal void Check()
    {
        if (Threads < 0)
            throw new ArgumentOutOfRangeException(nameof(Threads), Threads, $"{nameof(Threads)} is {Threads}; expected 0 (one per processor) or more.");
    }
}
