using Swan.MLNet.Generators;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.MLNet.Hosting;

/// <summary>Options of <c>services.AddSwan</c>.</summary>
/// <remarks>Can be bound to configuration, where a device is its text, such as <c>"cuda:0"</c>.</remarks>
public sealed class SwanOptions
{
    /// <summary>The <c>.swan</c> file, which must exist when the application starts.</summary>
    /// <remarks>Default: empty, which means the model inside this library.</remarks>
    public string ModelPath { get; set; } = "";

    /// <summary>Where the encoders run (default <see cref="SwanDevice.Auto"/>: a GPU if one works).</summary>
    public SwanDevice Device { get; set; } = SwanDevice.Auto;

    /// <summary>Processors that runs of one encoder take at a time (default 0: all that this process may use).</summary>
    public int Threads { get; set; }

    /// <summary>Whether one run at a time takes all <see cref="Threads"/>, spinning.</summary>
    /// <remarks>Default false; see <see cref="SwanModelOptions.AllowSpinning"/>.</remarks>
    public bool AllowSpinning { get; set; }

    /// <summary>Rows computed together by the generators, 1 to 4096 (default 32).</summary>
    public int BatchSize { get; set; } = new SwanGeneratorOptions().BatchSize;

    /// <summary>
    /// Calls that each generator processes at the same time, at least 1 (default: the processors that this process may use).
    /// </summary>
    public int Concurrency { get; set; } = new SwanGeneratorOptions().Concurrency;

    /// <summary>The most pixels of an image that the model or a generator decodes, 1 to 536,870,911 (default 100 million).</summary>
    public long MaxImagePixels { get; set; } = ImageDecodingOptions.Default.MaxPixels;

    /// <summary>The most bytes of an image that the model or a generator decodes, 1 to 2,147,483,591 (default 512 MiB).</summary>
    public long MaxImageBytes { get; set; } = ImageDecodingOptions.Default.MaxBytes;

    /// <summary>
    /// Which samples of more than 8 bits become black and white (default null: those of the file, else the model's rule).
    /// </summary>
    /// <remarks>In configuration it is text, such as <c>"values 0 3000"</c>.</remarks>
    public SampleRange? Range { get; set; }

    /// <inheritdoc cref="ImageDecodingOptions.Bands"/>
    public IReadOnlyList<int>? Bands { get; set; }

    /// <inheritdoc cref="ImageDecodingOptions.NoData"/>
    public double? NoData { get; set; }

    /// <inheritdoc cref="ImageDecodingOptions.MinValidShare"/>
    public double MinValidShare { get; set; } = ImageDecodingOptions.Default.MinValidShare;

    /// <summary>
    /// Whether the model and both its encoders are opened when the host starts, which fails if one is unusable.
    /// </summary>
    /// <remarks>Default false: each at its first use.</remarks>
    public bool WarmUp { get; set; }

    internal SwanModelOptions Opening => new()
    {
        Device = Device,
        Threads = Threads,
        AllowSpinning = AllowSpinning,
        Decoding = new ImageDecodingOptions
        {
            MaxPixels = MaxImagePixels,
            MaxBytes = MaxImageBytes,
            Range = Range,
            Bands = Bands,
            NoData = NoData,
            MinValidShare = MinValidShare,
        },
    };

    internal SwanGeneratorOptions Generating => new()
    {
        BatchSize = BatchSize,
        Concurrency = Concurrency,
        Shared = true,
    };
}
