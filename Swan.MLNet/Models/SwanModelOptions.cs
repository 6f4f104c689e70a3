using Microsoft.Extensions.Logging;
using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Models;

/// <summary>How a model is opened.</summary>
/// <remarks>What a machine and a caller decide, not what a model is: nothing here is saved with a model.</remarks>
public sealed record SwanModelOptions
{
    /// <summary>Where the encoders run (default <see cref="SwanDevice.Auto"/>).</summary>
    public SwanDevice Device { get; init; } = SwanDevice.Auto;

    /// <summary>Processors that runs of one encoder take at a time.</summary>
    /// <remarks>
    /// Default 0: as <see cref="Scheduling.SwanResources.EncoderThreads"/> says, which is all that this process may use, as .NET counts
    /// them (affinity and a container's CPU limit included). A run has one thread, and a batch is divided into as many runs at once. One
    /// image or one query takes one processor; several that are asked for at the same time take several. All models together take no more
    /// than <see cref="Scheduling.SwanResources.EncoderThreads"/>.
    /// </remarks>
    public int Threads { get; init; }

    /// <summary>
    /// Whether one run at a time takes all <see cref="Threads"/>, and those that wait for work spin instead of sleeping (default false).
    /// </summary>
    /// <remarks>
    /// True shortens the wait for one image on a machine that does nothing else. Many images take longer, and spinning takes whole
    /// processors from neighbors.
    /// </remarks>
    public bool AllowSpinning { get; init; }

    /// <summary>
    /// How files, streams and bytes that are given to the model become pixels, and what is refused before memory is taken (default:
    /// <see cref="ImageDecodingOptions"/>'s own).
    /// </summary>
    /// <remarks>
    /// For all of the model's methods, for <c>SwanIndex.SearchImage</c>, and for generators whose options say nothing else. A pipeline's
    /// step has options of its own. Lower the limits for images that strangers send.
    /// </remarks>
    public ImageDecodingOptions Decoding { get; init; } = new();

    /// <summary>When the encoders are opened (default <see cref="SwanTowers.WhenNeeded"/>: each at its first use).</summary>
    /// <remarks>
    /// Opening takes time and memory, which a process that only embeds captions, or only images, spares for the other encoder. What is
    /// wrong with an encoder is an error of its first use then; with <see cref="SwanTowers.AtOnce"/> it is one of opening the model. Where
    /// only opening tells whether a GPU works, the image tower is opened at once in any case.
    /// </remarks>
    public SwanTowers Towers { get; init; }

    /// <summary>Gets a warning where texts are longer than the model takes, once a call.</summary>
    /// <remarks>Default null: nothing is logged, and the counter <c>swan.captions.truncated</c> alone tells.</remarks>
    public ILogger? Logger { get; init; }

    /// <summary>Who chose <see cref="Device"/>.</summary>
    internal string DeviceReason { get; init; } = EncoderOptions.AsAsked;

    /// <summary>What else can be done where the device isn't there.</summary>
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
