using System.Text.Json.Serialization;
using Microsoft.ML.SearchSpace;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.MLNet.Transforms;

/// <summary>Options of a SWAN embedding.</summary>
/// <remarks>
/// They can be written as JSON and read back, and swept by AutoML. All but the cancellation token are saved with a pipeline;
/// <see cref="SwanLoadOptions"/> overrides some at loading.
/// </remarks>
public sealed class SwanEmbeddingOptions
{
    /// <summary>Rows computed together, 1 to 4096 (default 32).</summary>
    /// <remarks>
    /// The first batches have fewer rows, 4 and doubling, so a preview is cheap. A larger batch needs more memory (2 × batch × S × S ×
    /// 3 bytes for images, and the encoder's activations) and is faster on a GPU. A CPU encodes a batch's images eight at a time.
    /// A batch is complete before its first row is delivered, and for image paths the next batch is also taken. So a row of a live source
    /// (a queue, a camera) waits for later rows. With 1, no row waits for another. Not swept: it changes speed, not embeddings.
    /// </remarks>
    public int BatchSize { get; set; } = 32;

    /// <summary>The number of rotations averaged per image: 1, 2 (half turn) or 4 (quarter turns); default 1.</summary>
    /// <remarks>
    /// Overhead images have no natural "up". Averaging reduces the model's sensitivity to orientation and costs one encoder run per
    /// rotation. Embeddings with different settings remain comparable, also with captions.
    /// </remarks>
    [Choice(1, 2, 4)]
    public int Rotations { get; set; } = 1;

    /// <summary>Whether a caption without any known word is embedded like any other (default false: it is an error).</summary>
    /// <remarks>
    /// Training and its metrics embed such captions (docs/spec/network.md, section 1). They all have the same embedding, which is near
    /// something in every gallery.
    /// </remarks>
    public bool EmbedEmptyCaptions { get; set; }

    /// <summary>The folder that relative image paths start from (default null: the current folder).</summary>
    public string? ImageFolder { get; set; }

    /// <summary>Whether image paths must not lead out of <see cref="ImageFolder"/>, if that is set (default true).</summary>
    /// <remarks>
    /// An absolute path to elsewhere, a drive, a URL, a path with <c>..</c> and one through a link that leads out are bad rows
    /// (<see cref="ImageFault.OutsideFolder"/>), and the file is not looked at. Set it to false for paths from people who may read any file
    /// that this process may. Without <see cref="ImageFolder"/>, paths may lead anywhere. <c>SavePortable</c> drops this restriction, which
    /// stock components don't support.
    /// </remarks>
    public bool RestrictToImageFolder { get; set; } = true;

    /// <summary>The content of the input column.</summary>
    /// <remarks>
    /// Default <see cref="SwanInput.Auto"/>: by the column's type; text means image paths, and bytes mean encoded images.
    /// </remarks>
    public SwanInput Input { get; set; } = SwanInput.Auto;

    /// <summary>What happens to a row that can't be embedded (default <see cref="SwanOnError.Throw"/>).</summary>
    public SwanOnError OnError { get; set; } = SwanOnError.Throw;

    /// <summary>
    /// With <see cref="SwanOnError.Missing"/>: the text column with the reason for a missing embedding (empty if there is one).
    /// </summary>
    /// <remarks>Default null: the output's name followed by <c>Error</c>. Empty: no such column.</remarks>
    public string? ErrorColumn { get; set; }

    /// <summary>
    /// The most pixels that an encoded image may have, checked before memory is taken; 1 to
    /// <see cref="ImageDecodingOptions.MaxAllowedPixels"/> (default 100 million: 300 MB as RGB).
    /// </summary>
    /// <remarks>More is <see cref="Imaging.ImageFault.TooLarge"/>.</remarks>
    public long MaxPixels { get; set; } = ImageDecodingOptions.Default.MaxPixels;

    /// <inheritdoc cref="ImageDecodingOptions.Range"/>
    /// <remarks>
    /// The output's annotation <c>SwanRange</c> and indexes record it, and other ranges are refused. With an open model, null values take
    /// the model's range, bands and value for no data (<c>SwanModelOptions.Decoding</c>).
    /// </remarks>
    public SampleRange? Range { get; set; }

    /// <inheritdoc cref="ImageDecodingOptions.Bands"/>
    public IReadOnlyList<int>? Bands { get; set; }

    /// <inheritdoc cref="ImageDecodingOptions.NoData"/>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public double? NoData { get; set; }

    /// <inheritdoc cref="ImageDecodingOptions.MinValidShare"/>
    public double MinValidShare { get; set; } = ImageDecodingOptions.Default.MinValidShare;

    /// <summary>
    /// The most bytes that an encoded image may have, 1 to <see cref="ImageDecodingOptions.MaxAllowedBytes"/> (default 512 MiB).
    /// </summary>
    /// <remarks>More is <see cref="Imaging.ImageFault.TooLarge"/>.</remarks>
    public long MaxBytes { get; set; } = ImageDecodingOptions.Default.MaxBytes;

    /// <summary>The encoder's device if no open model is given.</summary>
    /// <remarks>
    /// Default <see cref="SwanDevice.Auto"/>: a loaded pipeline also uses its machine's devices. <see cref="SwanLoadOptions"/> describes
    /// overrides at loading.
    /// </remarks>
    public SwanDevice Device { get; set; } = SwanDevice.Auto;

    /// <summary>Processors that encoder runs take at a time if no open model is given.</summary>
    /// <remarks>
    /// Default 0: as <see cref="Scheduling.SwanResources.EncoderThreads"/> says; see <see cref="SwanModelOptions.Threads"/>.
    /// </remarks>
    public int Threads { get; set; }

    /// <inheritdoc cref="SwanModelOptions.AllowSpinning"/>
    public bool AllowSpinning { get; set; }

    /// <summary>
    /// Cancels a running pass: the next row throws <see cref="OperationCanceledException"/>, a running batch within about 50 ms (default
    /// none).
    /// </summary>
    /// <remarks>Not saved.</remarks>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    // What OnError and ErrorColumn were called in version 1 of the saved format.
    [JsonInclude, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal string? OnUnreadable
    {
        // Read only; the source generator wants a getter.
        get => null;
        set => (OnError, ErrorColumn) = value == "MissingValues" ? (SwanOnError.Missing, "") : (SwanOnError.Throw, null);
    }

    /// <summary>The added text column, or null if there is none.</summary>
    internal string? ErrorColumnOf(string output) =>
        OnError != SwanOnError.Missing || ErrorColumn is "" ? null : ErrorColumn ?? output + "Error";

    /// <summary>How the model is opened.</summary>
    [JsonIgnore]
    internal SwanModelOptions Opening => new() { Device = Device, Threads = Threads, AllowSpinning = AllowSpinning };

    /// <summary>How images of a model are decoded.</summary>
    internal ImageDecodingOptions DecodingFor(ImagePreprocessing preprocessing) => new ImageDecodingOptions
    {
        MaxPixels = MaxPixels,
        MaxBytes = MaxBytes,
        Range = Range,
        Bands = Bands,
        NoData = NoData,
        MinValidShare = MinValidShare,
    }.For(preprocessing);

    /// <summary>Whether they say which samples, bands or values of image files count.</summary>
    [JsonIgnore]
    internal bool ChooseSamples => this is not { Range: null, Bands: null, NoData: null };

    /// <summary>What image paths must not lead out of; null: they may lead anywhere.</summary>
    [JsonIgnore]
    internal FolderFence? Fence => RestrictToImageFolder && ImageFolder is { } folder ? new FolderFence(folder) : null;

    /// <summary>What the output's annotations say of range, bands and no data; null for captions and images that others decode.</summary>
    internal GivenRange? GivenRangeOf(SwanInput holds) =>
        holds is SwanInput.Caption or SwanInput.Image
            ? null
            : new GivenRange(Range) { Samples = GivenSamples.Of(Bands, NoData) };

    internal SwanEmbeddingOptions Copy()
    {
        var copy = (SwanEmbeddingOptions)MemberwiseClone();
        copy.Bands = Bands is null ? null : [.. Bands];
        return copy;
    }

    /// <summary>Reports all that is wrong at once.</summary>
    internal void Check()
    {
        var faults = new List<string>();
        if (BatchSize is < 1 or > 4096) faults.Add($"{nameof(BatchSize)} is {BatchSize}; expected 1 to 4096");
        if (Rotations is not (1 or 2 or 4)) faults.Add($"{nameof(Rotations)} is {Rotations}; expected 1, 2 or 4");
        else if (Rotations != 1 && Input == SwanInput.Caption)
            faults.Add($"{nameof(Rotations)} is {Rotations}, but captions can't be turned; expected 1");
        if (Threads < 0) faults.Add($"{nameof(Threads)} is {Threads}; expected 0 (one per processor) or more");
        if (!Enum.IsDefined(Input)) faults.Add($"{nameof(Input)} is {Input}; expected {string.Join(", ", Enum.GetNames<SwanInput>())}");
        if (!Enum.IsDefined(OnError))
            faults.Add($"{nameof(OnError)} is {OnError}; expected {string.Join(", ", Enum.GetNames<SwanOnError>())}");
        if (ErrorColumn is not null && OnError != SwanOnError.Missing)
        {
            faults.Add(
                $"{nameof(ErrorColumn)} is '{ErrorColumn}', but {nameof(OnError)} is {OnError}; "
                + $"only {SwanOnError.Missing} adds that column");
        }
        if (MaxPixels is < 1 or > ImageDecodingOptions.MaxAllowedPixels)
            faults.Add($"{nameof(MaxPixels)} is {MaxPixels}; expected 1 to {ImageDecodingOptions.MaxAllowedPixels}");
        faults.AddRange(ImageDecodingOptions.Faults(Bands, NoData, MinValidShare));
        if (MaxBytes < 1 || MaxBytes > ImageDecodingOptions.MaxAllowedBytes)
            faults.Add($"{nameof(MaxBytes)} is {MaxBytes}; expected 1 to {ImageDecodingOptions.MaxAllowedBytes}");
        if (ImageFolder is not null && ImageFolder.Length == 0)
            faults.Add($"{nameof(ImageFolder)} is empty; expected a folder, or null for the current one");
        if (faults.Count > 0)
        {
            throw new ArgumentOutOfRangeException("options",
                $"The options of the SWAN embedding are not valid: {string.Join("; ", faults)}.");
        }
    }
}
