using System.Globalization;
using System.Reflection;
using Swan.Batch.Stores;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.Batch.Settings;

/// <summary><c>job.json</c>: what all rows of an output folder belong to. Written once.</summary>
internal sealed record JobSettings
{
    private const string Float16 = "float16";

    /// <summary>2: runs. 1 had chunks of one list.</summary>
    public int Format { get; init; } = 2;

    /// <summary>The source's address.</summary>
    public required string Source { get; init; }

    /// <summary>The folder of the images, or the store's address; null where there is a list.</summary>
    public string? Images { get; init; }

    /// <summary>Where the paths of a list start from; null where there is none.</summary>
    public string? Root { get; init; }

    /// <summary>Whether paths of the list must not lead out of <see cref="Root"/>.</summary>
    public bool RestrictToRoot { get; init; }

    /// <summary>The model's file; null: the included one.</summary>
    public string? Model { get; init; }

    /// <summary>The model's name, for people.</summary>
    public required string ModelName { get; init; }

    /// <summary>The model's id: <see cref="ModelIdentity.Fingerprint"/>.</summary>
    public required string ModelFingerprint { get; init; }

    public required int EmbeddingSize { get; init; }

    public required int Rotations { get; init; }

    /// <summary>The type of embeddings' values, <c>float16</c>; null where it is float32.</summary>
    public string? Precision { get; init; }

    /// <summary>The images' range; null where the caller gave none.</summary>
    public string? Range { get; init; }

    /// <summary>The bands, such as <c>4,3,2</c>; null where the caller gave none.</summary>
    public string? Bands { get; init; }

    /// <summary>The sample without data; null where the caller gave none.</summary>
    public string? NoData { get; init; }

    /// <summary>The least share of samples with data; null where it is the default.</summary>
    public double? MinValidShare { get; init; }

    /// <summary><see cref="BatchSteps.Version"/>; null where there are no steps after the embedding.</summary>
    public string? Steps { get; init; }

    /// <summary><see cref="BatchSteps.Columns"/>; null where there are no steps after the embedding.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The version of Swan.MLNet that began the job.</summary>
    public required string SwanVersion { get; init; }

    /// <summary>The version of this library.</summary>
    public static string CurrentVersion { get; } =
        typeof(SwanModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>What options ask for.</summary>
    public static JobSettings Of(BatchJobOptions options, string source, ModelCard model) => new()
    {
        Source = source,
        Images = options.List is null ? source : null,
        Root = options.List is null ? null : Path.GetFullPath(options.Root ?? "."),
        RestrictToRoot = options.RestrictToRoot && options.Root is not null,
        Model = options.Model is { } file ? Path.GetFullPath(file) : null,
        ModelName = model.Name,
        ModelFingerprint = model.Identity!.Fingerprint,
        EmbeddingSize = model.EmbeddingSize,
        Rotations = options.Rotations,
        Precision = options.Precision == BatchPrecision.Half ? Float16 : null,
        Range = options.Range?.ToString(),
        Bands = options.Bands is { } bands ? BandList.Text(bands) : null,
        NoData = options.NoData?.ToString(CultureInfo.InvariantCulture),
        MinValidShare = options.MinValidShare == new BatchJobOptions().MinValidShare ? null : options.MinValidShare,
        Steps = options.Steps?.Version,
        Columns = options.Steps?.Columns,
        SwanVersion = CurrentVersion,
    };

    /// <summary>What was asked for, to run shards elsewhere.</summary>
    public BatchJobOptions ToOptions(ObjectStore store) => new()
    {
        Model = Model,
        Images = Images,
        // Shards have their inputs: the list itself is no longer read.
        List = Images is null ? Root : null,
        Root = Root,
        RestrictToRoot = RestrictToRoot,
        Store = store,
        Rotations = Rotations,
        Precision = Precision == Float16 ? BatchPrecision.Half : BatchPrecision.Single,
        Range = SampleRange.TryParse(Range, out SampleRange? range) ? range : null,
        Bands = Bands is null ? null : BandList.Parse(Bands)?.Numbers,
        NoData = NoData is null ? null : double.Parse(NoData, CultureInfo.InvariantCulture),
        MinValidShare = MinValidShare ?? new BatchJobOptions().MinValidShare,
    };

    /// <summary>The same for people: addresses without what may be a password or a token.</summary>
    public JobSettings WithoutSecrets() => this with { Source = PublicAddress.Of(Source), Images = PublicAddress.Of(Images) };

    /// <summary>Refuses to go on where what is asked for isn't what the rows belong to.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="output">Where the rows are.</param>
    /// <exception cref="SwanBatchException">Names every difference.</exception>
    public void ThrowIfDifferent(JobSettings asked, string output)
    {
        string[] differences =
        [
            .. Named.Zip(asked.Named).Where(p => p.First.Value != p.Second.Value)
                .Select(p => $"  {p.First.Name}: was {p.First.Value ?? "none"}, now {p.Second.Value ?? "none"}"),
        ];
        if (differences.Length == 0) return;
        throw new SwanBatchException(
            $"The rows in '{output}' belong to another job:\n{string.Join('\n', differences)}\n"
            + "Nothing was changed. Use the former settings, or choose another output.");
    }

    private IEnumerable<(string Name, string? Value)> Named =>
    [
        ("the source", $"'{Source}'"),
        ("the model", $"'{ModelName}' ({ModelFingerprint})"),
        ("the rotations", $"{Rotations}"),
        ("the precision of embeddings", Precision ?? "float32"),
        ("the range of samples", Range),
        ("the bands", Bands),
        ("the sample without data", NoData),
        ("the least share of samples with data", MinValidShare?.ToString(CultureInfo.InvariantCulture)),
        ("the steps after the embedding", Steps),
        ("the columns", Columns is null ? null : $"[{string.Join(", ", Columns.Select(name => $"\"{name}\""))}]"),
    ];
}
