using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.Batch.Output;

/// <summary>What all chunks in an output folder belong to; <c>manifest.json</c>, the same for all shards.</summary>
internal sealed record JobManifest
{
    public int Format { get; init; } = 1;

    /// <summary>The model's name, for people.</summary>
    public required string ModelName { get; init; }

    /// <summary>The model's id: <see cref="ModelIdentity.Fingerprint"/>.</summary>
    public required string ModelFingerprint { get; init; }

    public required int EmbeddingSize { get; init; }

    /// <summary>Whether the list was made from a folder.</summary>
    public required bool ListedFolder { get; init; }

    /// <summary>Where relative paths start from.</summary>
    public required string Root { get; init; }

    /// <summary>The list; of a listed folder, a file beside this one.</summary>
    public required string List { get; init; }

    /// <summary>SHA-256 of the list.</summary>
    public required string ListFingerprint { get; init; }

    public required long Rows { get; init; }

    public required int Chunk { get; init; }

    public required int Shards { get; init; }

    public required int Rotations { get; init; }

    /// <summary>The images' range; null where the caller gave none.</summary>
    public string? Range { get; init; }

    /// <summary>The bands, such as <c>4,3,2</c>; null where the caller gave none.</summary>
    public string? Bands { get; init; }

    /// <summary>The sample without data; null where the caller gave none.</summary>
    public string? NoData { get; init; }

    /// <summary>The least share of samples with data; null where it is the default.</summary>
    public double? MinValidShare { get; init; }

    /// <summary>The version of Swan.MLNet that wrote this; each chunk names its own.</summary>
    public required string SwanVersion { get; init; }

    /// <summary><see cref="BatchSteps.Version"/>; null where there are no steps after the embedding.</summary>
    public string? Steps { get; init; }

    /// <summary><see cref="BatchSteps.Columns"/>; null where there are no steps after the embedding.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    public static string CurrentSwanVersion { get; } =
        typeof(SwanModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>A short hash of all that decides which row is where and what is written for it; every chunk carries it.</summary>
    [JsonIgnore]
    public string Job
    {
        get
        {
            string[] values = [.. Settings.Select(s => s.Value).OfType<string>()];
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(values, JobJson.Default.StringArray);
            return Convert.ToHexStringLower(SHA256.HashData(json))[..16];
        }
    }

    // A setting that a job doesn't have is null, and is no part of the hash: so jobs without steps have the hash that they had before
    // there were steps.
    private IEnumerable<(string Name, string? Value)> Settings =>
    [
        ("the model", $"'{ModelName}' ({ModelFingerprint})"),
        ("the images", ListedFolder ? "a folder" : "a list"),
        ("the folder of relative paths", $"'{Root}'"),
        ("the list", $"{Rows:N0} rows with SHA-256 {ListFingerprint}"),
        ("the rows per chunk", $"{Chunk}"),
        ("the number of shards", $"{Shards}"),
        ("the rotations", $"{Rotations}"),
        ("the range of samples", Range is null ? null : $"range '{Range}'"),
        ("the bands", Bands is null ? null : $"bands {Bands}"),
        ("the sample without data", NoData is null ? null : $"no data {NoData}"),
        ("the least share of samples with data", MinValidShare is null ? null : FormattableString.Invariant($"valid {MinValidShare}")),
        ("the steps after the embedding", Steps is null ? null : $"'{Steps}'"),
        ("the columns", Columns is null ? null : JsonSerializer.Serialize(Columns, JobJson.Default.IReadOnlyListString)),
    ];

    /// <summary>Reads the folder's manifest; null where there is none.</summary>
    /// <exception cref="SwanBatchException">It is damaged.</exception>
    public static JobManifest? Read(JobFolder folder)
    {
        if (!File.Exists(folder.Manifest)) return null;
        try
        {
            JobManifest manifest = JsonSerializer.Deserialize(File.ReadAllBytes(folder.Manifest), ManifestJson.Default.JobManifest)
                ?? throw new JsonException("it is null.");
            return manifest.Format == 1 ? manifest : throw new JsonException($"its format is {manifest.Format}; expected 1.");
        }
        catch (JsonException e)
        {
            throw new SwanBatchException(
                $"'{folder.Manifest}' can't be read: {e.Message} What the chunks beside it belong to is unknown, so nothing was written. "
                + "Choose another output folder.",
                innerException: e);
        }
    }

    /// <summary>Writes it, unless another shard has just written one.</summary>
    /// <returns>The manifest that is there now.</returns>
    public JobManifest Publish(JobFolder folder)
    {
        // A rename would replace what another shard wrote between the look and the rename.
        using FileStream turn = folder.LockManifest();
        if (Read(folder) is { } first) return first;
        using AtomicFile file = folder.Create(folder.Manifest);
        file.Stream.Write(JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.JobManifest));
        file.Commit();
        return this;
    }

    /// <summary>Refuses to go on where what is asked for isn't what the chunks belong to.</summary>
    /// <param name="now">What is asked for.</param>
    /// <param name="folder">Where the chunks are.</param>
    /// <exception cref="SwanBatchException">Names every difference.</exception>
    public void ThrowIfDifferent(JobManifest now, JobFolder folder)
    {
        string[] differences =
        [
            .. Settings.Zip(now.Settings).Where(p => p.First.Value != p.Second.Value)
                .Select(p => $"  {p.First.Name}: was {p.First.Value ?? "none"}, now {p.Second.Value ?? "none"}"),
        ];
        if (differences.Length == 0) return;
        throw new SwanBatchException(
            $"The chunks in '{folder.Path}' belong to another job:\n{string.Join('\n', differences)}\n"
            + "Nothing was changed. Go on with the former settings, or choose another output folder.");
    }
}
