using System.Text.Json;
using System.Text.Json.Nodes;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.Text;
using Swan.Training.Network;

namespace Swan.Training;

/// <summary>A training run's folder.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>config.json</c>: the resolved options; <c>data.json</c>: its data; <c>vocabulary.json</c>: the words;
/// <c>versions.json</c>: its software and device, one entry per start.</item>
/// <item><c>learned.bin</c>, <c>validation.bin</c>, <c>taught.bin</c>: the images that it learns from, is measured on, and knows through
/// teachers.</item>
/// <item><c>metrics.jsonl</c>: one line per epoch; <c>curves.png</c>: loss and mR.</item>
/// <item><c>best.safetensors</c>: the weights with the highest mR, or the last ones if nothing validates; <c>last</c>: everything that a
/// resumed run needs.</item>
/// </list>
/// </remarks>
public sealed class SwanRun
{
    internal const string ConfigFile = "config.json", VocabularyFile = "vocabulary.json", BestFile = "best.safetensors",
        MetricsFile = "metrics.jsonl",
        VersionsFile = "versions.json", DataFile = "data.json", LockFile = "run.lock", CurvesFile = "curves.png", LastFolder = "last";

    internal SwanRun(string folder, SwanTrainerOptions options, ICaptionTokenizer tokenizer) =>
        (Folder, Options, Tokenizer) = (folder, options, tokenizer);

    /// <summary>The run's folder.</summary>
    public string Folder { get; }

    /// <summary>The options that it was trained with.</summary>
    public SwanTrainerOptions Options { get; }

    /// <summary>The tokenizer that turns captions into ids.</summary>
    public ICaptionTokenizer Tokenizer { get; }

    /// <summary>The preprocessing that turns images into the network's input.</summary>
    public ImagePreprocessing Preprocessing => SwanBackbones.PreprocessingFor(Options.Network);

    /// <summary>The file of the best weights.</summary>
    /// <remarks>It exists after the first validation, after the first epoch if nothing validates, or after an earlier stop.</remarks>
    public string BestWeights => In(BestFile);

    /// <summary>Opens the folder of a finished or unfinished run.</summary>
    /// <exception cref="SwanFormatException">The folder holds no run, or a file of it is damaged.</exception>
    public static SwanRun Open(string folder)
    {
        string config = Path.Combine(folder, ConfigFile), vocabulary = Path.Combine(folder, VocabularyFile);
        if (!File.Exists(config) || !File.Exists(vocabulary))
        {
            throw new SwanFormatException(
                $"'{folder}' is not the folder of a training run: it has no {ConfigFile} or no {VocabularyFile}. "
                + "Give the folder that 'swan train --out' wrote.");
        }
        try
        {
            SwanTrainerOptions options = SwanTrainerOptionsJson.Load(config);
            IReadOnlyList<string> faults = options.Network?.Faults() ?? [$"{nameof(options.Network)} is null."];
            if (faults.Count > 0)
                throw new SwanFormatException($"'{config}' describes a network that this version can't build: {string.Join(' ', faults)}");
            string contract = options.Network!.TextTower.TokenizerContract();
            return new(folder, options, CaptionTokenizers.Load(contract, File.ReadAllBytes(vocabulary), options.MaxWords));
        }
        catch (SwanOptionsException e)
        {
            throw new SwanFormatException(e.Message, e);
        }
    }

    /// <summary>Loads the network with the best weights, on the CPU, in evaluation mode.</summary>
    /// <remarks>The caller disposes it.</remarks>
    /// <exception cref="SwanTrainingException">There are no best weights yet.</exception>
    /// <exception cref="SwanFormatException">The weights don't fit the configuration.</exception>
    public SwanNetwork LoadBest()
    {
        if (!File.Exists(BestWeights))
        {
            throw new SwanTrainingException(
                $"'{Folder}' has no {BestFile}: the run has not finished its first validation, or its first epoch if nothing validates. "
                + "Train it longer ('swan train --resume').");
        }
        SwanNetwork network = SwanNetwork.Create(Options.Network);
        try
        {
            NetworkState.Load(network, BestWeights);
        }
        catch
        {
            network.Dispose();
            throw;
        }

        network.eval();
        return network;
    }

    /// <summary>Every option as name and text, for the model card; teachers and pretrained weights are told apart by their bytes.</summary>
    internal IReadOnlyDictionary<string, string> Describe()
    {
        var options = new Dictionary<string, string>(Options.Describe());
        if (Options is { Teachers: not { Count: > 0 }, Init: null, BackboneWeights: null, TextWeights: null, WordVectors: null })
            return options;
        RunData data = RunData.Read(this);
        if (data.Teachers is { } teachers) options[SwanTrainerOptionsJson.NameOf(nameof(Options.Teachers))] = string.Join(", ", teachers);
        foreach ((string option, RunData.SourceFile file) in data.Pretrained ?? new Dictionary<string, RunData.SourceFile>())
            options[option] = $"{file}";
        return options;
    }

    /// <summary>Reads the images and captions that the run learned from, without those that it held back for validation.</summary>
    /// <param name="dataFolder">The folder that it was trained with.</param>
    /// <param name="skipMissing">Whether the run was trained without missing images. Default false.</param>
    /// <exception cref="SwanDataException">The folder can't be read.</exception>
    /// <exception cref="SwanMismatchException">The run learned from other data.</exception>
    public CaptionedImageSet OpenTrainingSet(string dataFolder, bool skipMissing = false) => OpenSplit(dataFolder, skipMissing).Learned;

    /// <summary>Reads the images and captions of the run's validation set, which it may also have learned from.</summary>
    /// <param name="dataFolder">The folder that it was trained with.</param>
    /// <param name="skipMissing">Whether the run was trained without missing images. Default false.</param>
    /// <returns>Null if the run has none.</returns>
    /// <exception cref="SwanDataException">The folder can't be read.</exception>
    /// <exception cref="SwanMismatchException">The run learned from other data.</exception>
    public CaptionedImageSet? OpenValidationSet(string dataFolder, bool skipMissing = false) =>
        OpenSplit(dataFolder, skipMissing).Validation;

    /// <summary>Reads both at once, as <see cref="OpenTrainingSet"/> and <see cref="OpenValidationSet"/> do.</summary>
    /// <exception cref="SwanDataException">The folder can't be read.</exception>
    /// <exception cref="SwanMismatchException">The run learned from other data.</exception>
    internal RunSplit OpenSplit(string dataFolder, bool skipMissing)
    {
        (CaptionedImageSet all, CaptionedImageSet? given) = CaptionedImageSet.Open(dataFolder, skipMissing);
        RunSplit split = RunSplit.Create(all, given, Options);
        RunData.Check(this, RunData.Describe(split.Train, split.Validation), $"'{dataFolder}' has other data than the run learned from.");
        return split;
    }

    /// <summary>The reports of the epochs so far.</summary>
    /// <exception cref="SwanFormatException">The file is damaged.</exception>
    public IReadOnlyList<EpochReport> ReadMetrics()
    {
        if (!File.Exists(In(MetricsFile))) return [];
        try
        {
            return [.. File.ReadLines(In(MetricsFile))
                .Where(l => l.Length > 0)
                .Select(l => JsonSerializer.Deserialize<EpochReport>(l, MetricsFormat)!)];
        }
        catch (JsonException e)
        {
            throw new SwanFormatException($"'{In(MetricsFile)}', which holds the run's results by epoch, can't be read: {e.Message}", e);
        }
    }

    internal static JsonSerializerOptions MetricsFormat { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    internal string In(string name) => Path.Combine(Folder, name);

    /// <summary>Writes what describes the run as a whole. The configuration comes last: a folder that has one holds a run.</summary>
    internal void WriteDescription(RunData data)
    {
        AtomicFile.Write(In(DataFile), stream => JsonSerializer.Serialize(stream, data, SwanTrainerOptionsJson.Format));
        AtomicFile.Write(In(VocabularyFile), Tokenizer.SaveVocabulary);
        WriteConfiguration();
    }

    internal void WriteConfiguration() => AtomicFile.WriteText(In(ConfigFile), Options.ToJson());

    /// <summary>Adds what this start of the run runs on.</summary>
    internal void AddVersions(string deviceReport, string augmentedBy)
    {
        JsonArray starts = File.Exists(In(VersionsFile)) && JsonNode.Parse(File.ReadAllBytes(In(VersionsFile))) is JsonArray earlier
            ? earlier
            : [];
        starts.Add(JsonSerializer.SerializeToNode(RunVersions.Collect(deviceReport, augmentedBy)));
        AtomicFile.WriteText(In(VersionsFile), starts.ToJsonString(SwanTrainerOptionsJson.Format));
    }

    /// <summary>What each start of the run ran on.</summary>
    /// <exception cref="SwanFormatException">The file is missing or damaged.</exception>
    internal IReadOnlyList<IReadOnlyDictionary<string, string>> ReadVersions()
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>[]>(File.ReadAllBytes(In(VersionsFile))) ?? [];
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException)
        {
            throw new SwanFormatException($"'{In(VersionsFile)}', which describes the run's environment, can't be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// Removes what a killed process didn't finish of the run's own files, and no file of anybody else's. Only for whoever holds its lock.
    /// </summary>
    internal void RemoveUnfinishedFiles()
    {
        string[] own =
        [
            ConfigFile, VocabularyFile, BestFile, MetricsFile, VersionsFile, DataFile, CurvesFile, .. RunImages.Files,
        ];
        foreach (string name in own)
        {
            foreach (string file in Directory.EnumerateFiles(Folder, $".{name}.*.tmp")) File.Delete(file);
        }
    }

    internal void WriteMetrics(IEnumerable<EpochReport> reports) =>
        AtomicFile.WriteText(In(MetricsFile), string.Concat(reports.Select(r => JsonSerializer.Serialize(r, MetricsFormat) + "\n")));
}
