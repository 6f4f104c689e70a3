namespace Swan.MLNet.Encoders;

/// <summary>Where and how an encoder runs.</summary>
/// <param name="Device">The device that is asked for.</param>
/// <param name="Threads">Threads of all runs at a time, or of the one run that spins; 0:
/// <see cref="Scheduling.SwanResources.EncoderThreads"/>.</param>
/// <param name="AllowSpinning">Whether threads that wait for work spin.</param>
/// <param name="DeviceReason">Who chose the device, for the device report.</param>
/// <param name="DeviceRemedy">The alternative if the device is missing.</param>
internal sealed record EncoderOptions(
    SwanDevice Device,
    int Threads = 0,
    bool AllowSpinning = false,
    string DeviceReason = EncoderOptions.AsRequested,
    string DeviceRemedy = EncoderOptions.AskForAnother)
{
    /// <summary>The device report's reason for a requested device.</summary>
    public const string AsRequested = "as requested";

    /// <summary>The remedy where nothing else is known.</summary>
    public const string AskForAnother = "or ask for 'auto' or 'cpu'.";
}
