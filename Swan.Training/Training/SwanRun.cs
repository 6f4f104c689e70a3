using System.Text.Json;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Text;
using Swan.Training.Network;
using Swan.Training.Network.Backbones;
using Swan.Training.Weights;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>A training run's folder.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>config.json</c>: the resolved options; <c>versions.json</c>: what it ran on; <c>vocabulary.json</c>: the words.</item>
/// <item><c>metrics.jsonl</c>: one line an epoch; <c>curves.png</c>: loss and mR.</item>
/// <item><c>best.safetensors</c>: the weights with the highest mR; <c>last</c>: all that a resumed run needs.</item>
/// </list>
/// </remarks>
public sealed class SwanRun
{
    internal const string ConfigFile = "config.json", VocabularyFile = "vocabulary.json", BestFile = "best.safetensors", MetricsFile = "metrics.jsonl",
        VersionsFile = "versions.json", CurvesFile = "curves.png", LastFolder = "last";

    internal SwanRun(string folder, SwanTrainerOptions options, ICaptionTokenizer tokenizer) => (Folder, Options, Tokenizer) = (folder, options, tokenizer);

    /// <summary>The run's folder.</summary>
    public string Folder { get; }

    /// <summary>The options it was trained with.</summary>
    public SwanTrainerOptions Options { get; }

    /// <summary>How captions become ids.</summary>
    public ICaptionTokenizer Tokenizer { get; }

    /// <summary>How images become the network's input.</summary>
    public ImagePreprocessing Preprocessing => BackboneInput.Of(Options.Network);

    /// <summary>Where the best weights are; the file exists once an epoch has been validated.</summary>
    public string BestWeights => In(BestFile);

    /// <summary>Opens a run's folder, finished or not.</summary>
    /// <exception cref="SwanFormatException">The folder holds no run, or a file of it is damaged.</exception>
    public static SwanRun Open(string folder)
    {
        string config = Path.Combine(folder, ConfigFile), vocabulary = Path.Combine(folder, VocabularyFile);
        if (!File.Exists(config) || !File.Exists(vocabulary))
            throw new SwanFormatException($"'{folder}' is not the folder of a training run: it has no {ConfigFile} or no {VocabularyFile}. Give the folder that 'swan train --out' wrote.");
        try
        {
            SwanTrainerOptions options = SwanTrainerOptionsJson.Load(config);
            return new(folder, options, new WordCaptionTokenizer(WordVocabulary.Load(vocabulary), options.MaximumWords));
        }
        catch (FormatException e)
        {
            throw new SwanFormatException(e.Message, e);
        }
    }

    /// <summary>Loads the network with the best weights, on the CPU, in evaluation mode. The caller disposes it.</summary>
    /// <exception cref="SwanFormatException">There are no best weights yet, or they don't fit the configuration.</exception>
    public SwanNetwork LoadBest()
    {
        if (!File.Exists(BestWeights))
            throw new SwanFormatException($"'{Folder}' has no {BestFile}: no epoch of the run has been validated yet. Let it train longer ('swan train --resume').");
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

    /// <summary>The reports of the epochs so far.</summary>
    public IReadOnlyList<EpochReport> ReadMetrics() => !File.Exists(In(MetricsFile)) ? []
        : [.. File.ReadLines(In(MetricsFile)).Where(l => l.Length > 0).Select(l => JsonSerializer.Deserialize<EpochReport>(l, MetricsFormat)!)];

    internal static JsonSerializerOptions MetricsFormat { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    internal string In(string name) => Path.Combine(Folder, name);

    internal void WriteDescription(string deviceReport)
    {
        WriteText(ConfigFile, Options.ToJson());
        using (var stream = new MemoryStream())
        {
            Tokenizer.SaveVocabulary(stream);
            WriteText(VocabularyFile, System.Text.Encoding.UTF8.GetString(stream.ToArray()));
        }

        WriteText(VersionsFile, JsonSerializer.Serialize(RunVersions.Collect(deviceReport), SwanTrainerOptionsJson.Format));
    }

    internal void WriteMetrics(IEnumerable<EpochReport> reports) =>
        WriteText(MetricsFile, string.Concat(reports.Select(r => JsonSerializer.Serialize(r, MetricsFormat) + "\n")));

    private void WriteText(string name, string text)
    {
        string temporary = In($"{name}.{Environment.ProcessId}.tmp");
        using (FileStream file = File.Create(temporary))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, In(name), overwrite: true);
    }
}
