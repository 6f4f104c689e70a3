using System.Globalization;
using System.Runtime.InteropServices;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Text;
using Swan.Training.Native;
using Swan.Training.Network;
using Swan.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>Trains SWAN.</summary>
/// <remarks>
/// Source: the paper, section 4; docs/spec/network.md, section 4. Holds only options; one instance can train several runs, one after the
/// other. libtorch's thread count and random state are process-wide. So is its use of TF32 for float32 on a GPU: the first training on a
/// GPU turns it off, whatever the training precision.
/// </remarks>
public sealed class SwanTrainer
{
    /// <summary>Makes a trainer.</summary>
    /// <exception cref="SwanOptionsException">Options are invalid; the message names each one and the reason.</exception>
    public SwanTrainer(SwanTrainerOptions options)
    {
        SwanTrainerOptionsValidation.Check(options);
        Options = options;
    }

    /// <summary>The options of the runs.</summary>
    public SwanTrainerOptions Options { get; }

    /// <summary>After how many steps their losses are read; null for what suits the device. Changes no result.</summary>
    internal int? StepsAReading { get; init; }

    /// <summary>Measures the run's time.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How a plan has divided these images already; null where none has.</summary>
    internal RunSplit? Divided { get; init; }

    // What the run starts from, once its options have been resolved against it; null also where a resumed run needs it no more.
    private InitialModel? Initial { get; init; }

    /// <summary>Which of these images are learned from, and which ones measure the run.</summary>
    internal RunSplit Split(CaptionedImageSet train, CaptionedImageSet? validation) =>
        Divided?.IsOf(train, validation) == true ? Divided : RunSplit.Create(train, validation, Options);

    /// <summary>Refuses options that no new run can begin with, before anything is read.</summary>
    /// <exception cref="SwanOptionsException">A file is not there, or weights would be random and frozen.</exception>
    internal void CheckStart() => SwanTrainerOptionsValidation.CheckStart(Options);

    /// <summary>Trains until the epochs or minutes are over, mR stops rising, or the token requests a stop.</summary>
    /// <remarks>In each case, it keeps the best network so far, or the last one if nothing validates.</remarks>
    /// <param name="train">The training images and captions.</param>
    /// <param name="validation">
    /// Images and captions to measure mR on after each epoch; null uses <see cref="SwanTrainerOptions.ValidationShare"/> of the training
    /// images. With <see cref="SwanTrainerOptions.TrainOnValidation"/>, they are trained on instead.
    /// </param>
    /// <param name="runFolder">Receives the run; see <see cref="SwanRun"/>.</param>
    /// <param name="resume">
    /// Whether to continue the run in the folder, exactly as if it had never stopped. Otherwise, the folder must not hold a run.
    /// </param>
    /// <param name="progress">Receives progress after every step. A slow handler slows training unless it posts.</param>
    /// <param name="cancellationToken">
    /// Ends the run cleanly after the current step: the checkpoint is written, and the resumed run does the epoch's validation.
    /// </param>
    /// <returns>The result of the run.</returns>
    /// <exception cref="SwanDataException">Images can't be read, or there is nothing to learn from or to validate on.</exception>
    /// <exception cref="SwanOptionsException">
    /// The options can't start a new run: a file that it starts from is missing, or weights would be random and frozen. Or a run can't
    /// continue, because a teacher is missing.
    /// </exception>
    /// <exception cref="SwanTrainingException">
    /// The loss is no longer a number (the step and its batch are named), the folder holds no run to resume, or more than half of the
    /// validation images are also training images.
    /// </exception>
    /// <exception cref="IOException">
    /// The folder already holds a run and <paramref name="resume"/> is false, or another process trains in it.
    /// </exception>
    /// <exception cref="SwanFormatException">
    /// A file of weights, a vocabulary, a teacher, or the model or run to start from can't be read.
    /// </exception>
    /// <exception cref="SwanMismatchException">
    /// Options or data differ from the run's, weights don't fit, the options describe another network than the model to start from, that
    /// model or a teacher has learned from the validation images, or a teacher is normalized.
    /// </exception>
    /// <exception cref="SwanDeviceException">The requested device is missing.</exception>
    /// <exception cref="OperationCanceledException">
    /// The token requested a stop before the first step, while images were read or teachers embedded them.
    /// </exception>
    public TrainingResult Train(
        CaptionedImageSet train, CaptionedImageSet? validation, string runFolder, bool resume = false,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentException.ThrowIfNullOrEmpty(runFolder);
        bool Has(string name) => Path.Exists(Path.Combine(runFolder, name));
        if (!resume && (Has(SwanRun.ConfigFile) || Has(SwanRun.BestFile) || Has(SwanRun.LastFolder)))
            throw new IOException($"'{runFolder}' already holds a training run. Resume it (--resume), or choose another folder.");
        if (resume && !Has(SwanRun.ConfigFile))
            throw new SwanTrainingException($"'{runFolder}' holds no training run that could be resumed. Leave --resume out to start one.");
        SplitRule rule = Options.ValidateBy.Present;
        if (resume)
        {
            // A run that an earlier version began keeps its sides: it would validate on what it has learned.
            SplitRule begun = SwanRun.Open(runFolder).Options.ValidateBy;
            rule = begun.Present == Options.ValidateBy ? begun : Options.ValidateBy;
        }
        else if (rule != Options.ValidateBy && validation is null && !Options.TrainOnValidation)
        {
            Say(progress, $"The configuration splits images as an earlier version did, '{Options.ValidateBy}', which applies only to runs "
                + $"that it began. This new run splits them by '{rule}', so its validation images differ.");
        }
        SwanTrainer trainer = rule == Options.ValidateBy ? this : With(Options with { ValidateBy = rule }, divided: null);
        return trainer.TrainAsGiven(train, validation, runFolder, resume, progress, cancellationToken);
    }

    /// <summary>Trains with the split that the options name, also that of an earlier version.</summary>
    internal TrainingResult TrainAsGiven(
        CaptionedImageSet train, CaptionedImageSet? validation, string runFolder, bool resume, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        bool goesOn = resume && TrainingCheckpoint.Exists(runFolder);
        if (goesOn) SwanTrainerOptionsValidation.CheckResumed(Options);
        else CheckStart();
        if (Options.Init is { } init)
        {
            SwanTrainerOptions options = resume ? InitialShape.Resumed(Options, SwanRun.Open(runFolder).Options) : Options;
            // A run that has a checkpoint doesn't read it any more.
            InitialModel? model = goesOn && !Path.Exists(init) ? null : InitialModel.Open(init);
            if (model is not null) options = InitialShape.Of(options, model);
            return With(options, Divided, model).TrainStarted(train, validation, runFolder, resume, progress, cancellationToken);
        }
        return TrainStarted(train, validation, runFolder, resume, progress, cancellationToken);
    }

    private TrainingResult TrainStarted(
        CaptionedImageSet train, CaptionedImageSet? validation, string runFolder, bool resume, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        bool splitBySeed = validation is null && !Options.TrainOnValidation;
        RunSplit split = Split(train, validation);
        TrainingDataChecks.Check(split.Learned, split.Measured, Options);
        return NativeAllocator.OnMainHeap(() => TrainHere(split, splitBySeed, runFolder, resume, progress, cancellationToken));
    }

    private TrainingResult TrainHere(
        RunSplit split, bool splitBySeed, string runFolder, bool resume, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        RunData data = RunData.Describe(split.Train, split.Validation, Options);
        void Say(string message) => this.Say(progress, message);
        if (splitBySeed) split.SayGroups(Options, Say);

        (Device device, string deviceReport) = TorchDevice.Resolve(Options.Device);
        if (Options.Precision == TrainingPrecision.Bfloat16) Autocast.ThrowIfMissing();
        if (Options.Threads > 0) set_num_threads(Options.Threads);
        List<LearnedSource> sources = [.. TeacherCards.Check(Options, validated: split.Measured is not null, splitBySeed, Say)];
        if (Options.BackboneWeights is { } weights && LearnedSource.OfRun(weights) is { } earlier) sources.Add(earlier);
        if (Initial is not null) sources.Add(Initial.Learned);
        using var folder = new BegunFolder(runFolder);
        using FileStream held = RunLock.Hold(runFolder);
        SwanRun run = resume ? Resumed(runFolder, data) : Begin(runFolder, split.Learned, Say);
        run.RemoveUnfinishedFiles();
        Say($"Training on {deviceReport}.");
        if (TorchLibrary.External is { } external) Say(external);
        if (TorchLibrary.Workaround is { } workaround) Say(workaround);
        if (device.type == DeviceType.CPU)
        {
            OneDnn.ThrowIfConvolutionsAreWrong();
            if (!OneDnn.ChannelsLastIsRight)
            {
                Say("On this processor, oneDNN fails on images that are stored channels last, so they are stored in another layout. "
                    + "Training is slower than elsewhere.");
            }
        }

        // A run that was killed before its first checkpoint starts again.
        bool goesOn = resume && TrainingCheckpoint.Repair(runFolder);
        using SwanNetwork network = new StartingNetwork(run, Initial, Say).Create(device, pretrained: !goesOn);
        using var session = new TrainingSession(
            run, network, split.Learned, split.Measured, device, progress, cancellationToken, StepsAReading, Time);
        RunImages images = LearnedImageChecks.Check(
            split, session.LearnedImages, session.MeasuredImages, sources, Say, cancellationToken);
        if (resume) images.CheckSame(runFolder);
        // What it started from may be gone by now.
        if (goesOn) images = images with { Taught = RunImages.Read(runFolder)?.Taught ?? images.Taught };
        // Only now: weights or images that can't be used leave no half-begun run behind.
        SayWhatRunsElsewhere(run, deviceReport, session.AugmentedBy, Say);
        run.AddVersions(deviceReport, session.AugmentedBy);
        images.Write(runFolder);
        if (resume) run.WriteConfiguration();
        else run.WriteDescription(data);
        return session.Run(goesOn);
    }

    private SwanTrainer With(SwanTrainerOptions options, RunSplit? divided, InitialModel? initial = null) => new(options)
    {
        StepsAReading = StepsAReading,
        Time = Time,
        Divided = divided,
        Initial = initial,
    };

    private void Say(IProgress<TrainingProgress>? progress, string message) =>
        progress?.Report(new() { Phase = TrainingPhase.Preparing, Epochs = Options.Epochs, Message = message });

    // Another device or number of threads sums in another order, which changes the last bits.
    private static void SayWhatRunsElsewhere(SwanRun run, string deviceReport, string augmentedBy, Action<string> say)
    {
        if (!File.Exists(run.In(SwanRun.VersionsFile)) || run.ReadVersions() is not [.., { } before]) return;
        IReadOnlyDictionary<string, string> now = RunVersions.Collect(deviceReport, augmentedBy);
        string[] changed = [.. new[] { RunVersions.Device, RunVersions.LibTorch, RunVersions.Threads, RunVersions.AugmentedBy }
            .Where(k => before.TryGetValue(k, out string? was) && WithoutReason(was) != WithoutReason(now[k]))
            .Select(k => $"{k} was {before[k]}, and is now {now[k]}")];
        if (changed.Length > 0)
            say($"The run has changed its environment: {string.Join("; ", changed)}. It continues, but not with bit-identical results.");
    }

    // A device's report goes on with why it was chosen, in words that may change: 'cpu, as requested'.
    private static string WithoutReason(string report) => report.Split(',')[0];

    private SwanRun Begin(string folder, CaptionedImageSet train, Action<string> say)
    {
        ICaptionTokenizer tokenizer = Initial?.Tokenizer ?? RunTokenizer.Create(train, Options, say);
        SwanNetworkOptions network = Options.Network;
        // Published checkpoints have 8590 rows whatever the vocabulary; a network of our own has the rows that it can use.
        int rows = Initial is not null ? Initial.Network.VocabularyRows
            : network.Variant == MLNet.ModelFiles.SwanVariant.Canonical
            ? tokenizer.VocabularySize
            : Math.Max(network.VocabularyRows, tokenizer.VocabularySize);
        return new SwanRun(folder, Resolve(rows), tokenizer);
    }

    private SwanRun Resumed(string folder, RunData data)
    {
        SwanRun run = SwanRun.Open(folder);
        SwanTrainerOptions asked = Resolve(run.Options.Network.VocabularyRows);
        ResumedOptions.Check(folder, run.Options, asked, run.ReadMetrics().Count);
        RunData.Check(run, data, "Continuing would mix two runs, and could validate on images that it has learned from.");
        return new SwanRun(folder, asked, run.Tokenizer);
    }

    // What config.json says must be true from any working directory.
    private SwanTrainerOptions Resolve(int vocabularyRows) =>
        Options.WithFiles(Path.GetFullPath) with { Network = Options.Network with { VocabularyRows = vocabularyRows } };
}
