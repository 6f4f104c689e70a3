using Swan.MLNet;
using Swan.MLNet.Data;
using Swan.MLNet.Text;
using Swan.Training.Data;
using Swan.Training.Native;
using Swan.Training.Network;
using Swan.Training.Network.Backbones;
using Swan.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>Trains SWAN. Source: the paper, section 4; spec, section 4.</summary>
/// <remarks>Holds options only; one instance can train several runs, one after the other. libtorch's thread count and random state are the process's.</remarks>
public sealed class SwanTrainer
{
    /// <summary>Makes a trainer.</summary>
    /// <exception cref="ArgumentException">Options can't be used; the message names every one and the reason.</exception>
    public SwanTrainer(SwanTrainerOptions options)
    {
        SwanTrainerOptionsValidation.Check(options);
        Options = options;
    }

    /// <summary>What decides the run.</summary>
    public SwanTrainerOptions Options { get; }

    /// <summary>Trains until the epochs or minutes are over, mR stops rising, or the token asks to stop; the best network so far is kept in each case.</summary>
    /// <param name="train">What to learn from.</param>
    /// <param name="validation">What mR is measured on after each epoch.</param>
    /// <param name="runFolder">Receives the run; see <see cref="SwanRun"/>.</param>
    /// <param name="resume">Go on where the run in the folder stopped, exactly as if it never had. Otherwise the folder must not hold a run.</param>
    /// <param name="progress">Told after every step; it may be slow without slowing training only if it posts.</param>
    /// <param name="cancellationToken">Ends the run cleanly after the step under way: a last validation is left out, the checkpoint is written.</param>
    /// <returns>How it went.</returns>
    /// <exception cref="SwanDataException">Images can't be read.</exception>
    /// <exception cref="SwanTrainingException">The loss is no longer a number; the step and its batch are named.</exception>
    /// <exception cref="IOException">The folder already holds a run and <paramref name="resume"/> isn't asked for.</exception>
    /// <exception cref="SwanFormatException">Nothing can be resumed, or weights don't fit.</exception>
    public TrainingResult Train(
        CaptionedImageSet train, CaptionedImageSet validation, string runFolder, bool resume = false, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentException.ThrowIfNullOrEmpty(runFolder);
        if (validation.Images.Count == 0) throw new ArgumentException("The validation set has no images, so there is no mR to choose the best epoch by. Split some off (Splits.Stratified).", nameof(validation));
        bool exists = File.Exists(Path.Combine(runFolder, SwanRun.ConfigFile));
        if (exists && !resume) throw new IOException($"'{runFolder}' already holds a training run. Resume it (--resume), or choose another folder.");
        if (resume && !exists) throw new SwanFormatException($"'{runFolder}' holds no training run that could be resumed.");
        Directory.CreateDirectory(runFolder);

        (Device device, string deviceReport) = TorchDevice.Resolve(SwanDevice.Parse(Options.Device));
        if (Options.Threads > 0) set_num_threads(Options.Threads);
        SwanRun run = resume ? Resumed(runFolder) : Begin(runFolder, train, deviceReport);
        void Say(string message) => progress?.Report(new() { Phase = TrainingPhase.Preparing, Epochs = Options.Epochs, Message = message });
        Say($"Training on {deviceReport}.");
        if (TorchLibrary.Workaround is { } workaround) Say(workaround);

        using SwanNetwork network = CreateNetwork(run, device, resume, Say);
        using var session = new TrainingSession(run, network, train, validation, device, progress, cancellationToken);
        return session.Run(resume);
    }

    private SwanRun Begin(string folder, CaptionedImageSet train, string deviceReport)
    {
        WordVocabulary vocabulary = Options.Vocabulary is { } file ? WordVocabulary.Load(file) : WordVocabulary.Build(train.Captions, Options.MinimumWordCount, Options.KeepStopWords);
        var tokenizer = new WordCaptionTokenizer(vocabulary, Options.MaximumWords);
        SwanNetworkOptions network = Options.Network;
        // Published checkpoints have 8590 rows whatever the vocabulary; a network of our own has the rows that it can use.
        int rows = network.Variant == MLNet.Models.SwanVariant.Canonical ? tokenizer.VocabularySize : Math.Max(network.VocabularyRows, tokenizer.VocabularySize);
        var run = new SwanRun(folder, Options with { Network = network with { VocabularyRows = rows } }, tokenizer);
        run.WriteDescription(deviceReport);
        return run;
    }

    private SwanRun Resumed(string folder)
    {
        SwanRun run = SwanRun.Open(folder);
        SwanTrainerOptions asked = Options with { Network = Options.Network with { VocabularyRows = run.Options.Network.VocabularyRows } };
        // How long and where to run may change; what the run computes may not.
        SwanTrainerOptions Comparable(SwanTrainerOptions o) => o with { Epochs = 1, WarmUpEpochs = 0, Minutes = null, Device = "auto", Threads = 0, Patience = 0, CheckpointMinutes = 1, CacheMegabytes = 0, ValidateEvery = 1 };
        if (Comparable(asked).ToJson() != Comparable(run.Options).ToJson())
            throw new SwanFormatException($"'{folder}' was begun with other options than those asked for now, so going on would be neither run. Compare with its {SwanRun.ConfigFile}, and resume with --config {Path.Combine(folder, SwanRun.ConfigFile)}.");
        return new SwanRun(folder, asked, run.Tokenizer);
    }

    private SwanNetwork CreateNetwork(SwanRun run, Device device, bool resume, Action<string> say)
    {
        SwanNetwork network = SwanNetwork.Create(run.Options.Network, Options.Seed);
        try
        {
            if (!resume)
            {
                if (Options.BackboneWeights is { } weights) BackboneWeights.Load(network, weights);
                say(Options.BackboneWeights is { } file
                    ? $"The backbone {Options.Network.Backbone} starts from '{file}'."
                    : Options.Network.Backbone == SwanBackbone.Compact ? "The backbone Compact starts at random, as it is made to."
                    : $"The backbone {Options.Network.Backbone} starts at random: no --backbone-weights were given. Expect less from so few images{(Options.FreezeBackbone ? ", all the more as it is frozen" : "")}.");
            }

            network.to(device);
            if (Options.FreezeBackbone) network.FreezeBackbone();
            network.SetBackboneStatistics(Options.BackboneStatistics == BackboneStatistics.Move);
            network.train();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
