using Microsoft.Extensions.Logging;
using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Models;

/// <summary>How a model is opened.</summary>
/// <remarks>These settings belong to a machine and a caller, so they are not saved with a model.</remarks>
public sealed record SwanModelOptions
{
    /// <summary>Where the encoders run (default <see cref="SwanDevice.Auto"/>).</summary>
    public SwanDevice Device { get; init; } = SwanDevice.Auto;

    /// <summary>The processors that one encoder uses at a time.</summary>
    /// <remarks>
    /// Default 0: the value of <see cref="Scheduling.SwanResources.EncoderThreads"/>, by default all processors of this process as .NET
    /// counts them (affinity and a container's CPU limit included). A run has one thread, and a batch is divided into that many concurrent
    /// runs. One image or one query uses one processor; concurrent requests use several. All models together use at most
    /// <see cref="Scheduling.SwanResources.EncoderThreads"/>.
    /// </remarks>
    public int Threads { get; init; }

    /// <summary>
    /// Whether one run at a time uses all <see cref="Threads"/>, and idle threads spin instead of sleeping (default false).
    /// </summary>
    /// <remarks>
    /// True shortens the wait for one image on an otherwise idle machine. Many images take longer, and spinning occupies whole processors.
    /// </remarks>
    public bool AllowSpinning { get; init; }

    /// <summary>
    /// How files, streams and bytes become pixels, and the limits checked before memory is allocated (default: those of
    /// <see cref="ImageDecodingOptions"/>).
    /// </summary>
    /// <remarks>
    /// Applies to all of the model's methods, to <c>SwanIndex.SearchImage</c>, and to generators without their own decoding options. A
    /// pipeline step has its own options. Lower the limits for images from strangers.
    /// </remarks>
    public ImageDecodingOptions Decoding { get; init; } = new();

    /// <summary>When the encoders are opened (default <see cref="SwanTowers.WhenNeeded"/>: each at its first use).</summary>
    /// <remarks>
    /// Opening takes time and memory; a process that embeds only captions, or only images, saves both for the other encoder. By default, a
    /// faulty encoder fails at its first use; with <see cref="SwanTowers.AtOnce"/>, opening the model fails. If only opening can show
    /// whether a GPU works, the image tower is opened at once in any case.
    /// </remarks>
    public SwanTowers Towers { get; init; }

    /// <summary>Receives a warning, once per call, if texts are longer than the model's limit.</summary>
    /// <remarks>Default null: nothing is logged; only the counter <c>swan.captions.truncated</c> counts such texts.</remarks>
    public ILogger? Logger { get; init; }

    /// <summary>Who chose <see cref="Device"/>.</summary>
    internal string DeviceReason { get; init; } = EncoderOptions.AsRequested;

    /// <summary>The alternative if the device is missing.</summary>
    internal string DeviceRemedy { get; init; } = EncoderOptions.AskForAnother;

    /// <summary>What the encoders are opened with.</summary>
    internal EncoderOptions Encoder => new(Device, Threads, AllowSpinning, DeviceReason, DeviceRemedy);

    internal void Check()
    {
        if (Threads < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Threads), Threads,
                $"{nameof(Threads)} is {Threads}; expected 0 (one per processor) or more.");
        }
        if (!Enum.IsDefined(Towers))
        {
            throw new ArgumentOutOfRangeException(nameof(Towers), Towers,
                $"{nameof(Towers)} is {Towers}; expected {SwanTowers.WhenNeeded} or {SwanTowers.AtOnce}.");
        }
        ArgumentNullException.ThrowIfNull(Decoding);
    }
}
