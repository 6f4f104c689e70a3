using System.Globalization;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.Training.DataLoading;
using Swan.Training.Losses;
using Swan.Training.Network;

namespace Swan.Training;

/// <summary>Checks training options as a whole, so that one run reports everything that is wrong.</summary>
internal static class SwanTrainerOptionsValidation
{
    internal const double MinValidationShare = 0.001;

    /// <summary>Everything that is wrong, a sentence each; empty when nothing is.</summary>
    public static IReadOnlyList<string> Faults(SwanTrainerOptions o)
    {
        var faults = new List<string>(o.Network is null ? [$"{nameof(o.Network)} is null."] : o.Network.Faults());
        string bfloat16Text = JsonEnumNames.For(TrainingPrecision.Bfloat16Text);
        AtLeast(nameof(o.Epochs), o.Epochs, 1);
        AtLeast(nameof(o.BatchSize), o.BatchSize, 2);
        AtLeast(nameof(o.CaptionsPerImage), o.CaptionsPerImage, 1);
        AtLeast(nameof(o.ValidateEvery), o.ValidateEvery, 1);
        AtLeast(nameof(o.Patience), o.Patience, 0);
        AtLeast(nameof(o.MinWordCount), o.MinWordCount, 1);
        AtLeast(nameof(o.MaxWords), o.MaxWords, 1);
        AtLeast(nameof(o.Threads), o.Threads, 0);
        AtLeast(nameof(o.CacheMegabytes), o.CacheMegabytes, 0);
        Positive(nameof(o.LearningRate), o.LearningRate);
        Positive(nameof(o.BackboneLearningRate), o.BackboneLearningRate ?? 1);
        Positive(nameof(o.TextLearningRate), o.TextLearningRate ?? 1);
        Between(nameof(o.SceneWeight), o.SceneWeight, 0, 100, "it weighs a loss");
        Positive(nameof(o.Minutes), o.Minutes ?? 1);
        Positive(nameof(o.CheckpointMinutes), o.CheckpointMinutes);
        faults.AddRange(RetrievalLoss.AllFaults(o.Loss, o));
        Between(nameof(o.MinCrop), o.MinCrop, 0.1, 1, "it is a share of the image's area");
        Between(nameof(o.ValidationShare), o.ValidationShare, MinValidationShare, 0.999, "both sets need images");
        if (o.ValidateBy is null) faults.Add($"{nameof(o.ValidateBy)} is null; expected {SplitRule.Forms}.");
        Between(nameof(o.WeightDecay), o.WeightDecay, 0, 1, "1 would erase the weights in one step of rate 1");
        Between(nameof(o.EmaDecay), o.EmaDecay, 0, 0.999999, "at 1 the average would never move");
        Between(nameof(o.GradientClip), o.GradientClip, 0, double.MaxValue, "it limits a norm");
        Between(nameof(o.WarmUpEpochs), o.WarmUpEpochs, 0, o.Epochs, "the warm-up is part of the run");

        foreach ((string name, object value) in new (string, object)[]
                 {
                     (nameof(o.Loss), o.Loss), (nameof(o.Optimizer), o.Optimizer), (nameof(o.Schedule), o.Schedule),
                     (nameof(o.Pairs), o.Pairs),
                     (nameof(o.Augmentation), o.Augmentation), (nameof(o.BatchNormMode), o.BatchNormMode),
                     (nameof(o.Precision), o.Precision),
                 })
        {
            if (!Enum.IsDefined(value.GetType(), value))
                faults.Add($"{name} is {value}; expected one of {string.Join(", ", Enum.GetNames(value.GetType()))}.");
        }
        if (o.FreezeBackbone && o.BackboneLearningRate is not null)
        {
            faults.Add(
                $"{nameof(o.BackboneLearningRate)} is set, but the backbone is frozen: leave it out, "
                + $"or set {nameof(o.FreezeBackbone)} to false.");
        }
        if (o.Init is not null) faults.AddRange(BesideInit(o));
        if (o.Init is { Length: 0 }) faults.Add($"{nameof(o.Init)} is empty; expected a model file or a run's folder, or null for none.");
        if (o.Network?.TextTower == SwanTextTower.MiniLm)
        {
            if (o.Vocabulary is null && o.Init is null)
            {
                faults.Add(
                    $"{nameof(o.Vocabulary)} is not given, but the text tower {SwanTextTower.MiniLm} needs the WordPiece vocabulary that "
                    + "it was pretrained with (vocab.txt, one token per line).");
            }
            if (o.FreezeText && o.TextWeights is null && o.Init is null)
            {
                faults.Add(
                    $"{nameof(o.FreezeText)} is set, but {nameof(o.TextWeights)} are not given: "
                    + "a text tower with random weights that don't learn would be useless.");
            }
            if (o.WordVectors is not null && o.Init is null)
            {
                faults.Add(
                    $"{nameof(o.WordVectors)} are for the text tower {SwanTextTower.Gru}; "
                    + $"{SwanTextTower.MiniLm} takes {nameof(o.TextWeights)}.");
            }
            if (o.MaxWords is < 3 or > MiniLmTextTower.Positions)
            {
                faults.Add(
                    $"{nameof(o.MaxWords)} is {o.MaxWords}; the text tower {SwanTextTower.MiniLm} takes 3 to "
                    + $"{MiniLmTextTower.Positions} tokens.");
            }
        }
        // Which tower it is may be for the model to say that the run starts from.
        else if (!InitialShape.IsLeftTo(o) && (o.TextWeights is not null || o.TextLearningRate is not null || o.FreezeText
            || o.Precision == TrainingPrecision.Bfloat16Text))
        {
            faults.Add(
                $"{nameof(o.TextWeights)}, {nameof(o.TextLearningRate)}, {nameof(o.Precision)} {bfloat16Text} and "
                + $"{nameof(o.FreezeText)} are for a "
                + $"pretrained text tower, but {nameof(o.Network.TextTower)} is {o.Network?.TextTower}.");
        }

        if (o.CaptionsPerImage > 1 && (o.Pairs != PairsPerEpoch.OneCaptionPerImage || !o.RepeatedCaptionsArePositive))
        {
            faults.Add(
                $"{nameof(o.CaptionsPerImage)} is {o.CaptionsPerImage}, which needs {nameof(o.Pairs)} {PairsPerEpoch.OneCaptionPerImage} "
                + $"and {nameof(o.RepeatedCaptionsArePositive)}: otherwise an image's own captions would count as wrong answers.");
        }
        if (o.TrainOnValidation && o.Patience > 0)
        {
            faults.Add(
                $"{nameof(o.Patience)} is {o.Patience}, but {nameof(o.TrainOnValidation)} leaves nothing to measure mR on: set it to 0.");
        }
        if (o.FreezeText && (o.TextLearningRate is not null || o.Precision == TrainingPrecision.Bfloat16Text))
        {
            faults.Add(
                $"{nameof(o.FreezeText)} is set, so {nameof(o.TextLearningRate)} and {nameof(o.Precision)} "
                + $"{bfloat16Text} would have no effect: "
                + $"leave them out, or set {nameof(o.FreezeText)} to false.");
        }
        if (o.MinCrop != NadirAugmentation.DefaultMinArea && o.Augmentation != AugmentationKind.Nadir)
        {
            faults.Add(
                $"{nameof(o.MinCrop)} is for the augmentation {AugmentationKind.Nadir}, but {nameof(o.Augmentation)} is {o.Augmentation}.");
        }
        if (o.Teachers is { Count: > 0 } && o.SoftTargets == 0)
        {
            faults.Add(
                $"{nameof(o.Teachers)} are given, but {nameof(o.SoftTargets)} is 0, so they would have no effect: "
                + $"set it to the share that they provide, such as 0.5, with the loss {LossKind.InfoNce}.");
        }
        if (o.Teachers?.Any(string.IsNullOrEmpty) is true) faults.Add($"{nameof(o.Teachers)} has an entry without a file's name.");
        if (o.Optimizer == OptimizerKind.Adam && o.WeightDecay > 0)
        {
            faults.Add(
                $"{nameof(o.WeightDecay)} needs the optimizer {nameof(OptimizerKind.AdamW)}: in Adam it would mix with the moments.");
        }
        return faults;

        void AtLeast(string name, int value, int least)
        {
            if (value < least)
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; expected at least {least}."));
        }

        void Positive(string name, double value)
        {
            if (!(value > 0) || double.IsInfinity(value))
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; expected a number above 0."));
        }

        void Between(string name, double value, double least, double most, string why) =>
            faults.AddRange(OptionRange.Faults(name, value, least, most, why));
    }

    /// <summary>Throws when anything is wrong.</summary>
    /// <exception cref="SwanOptionsException">All faults, one a line.</exception>
    public static void Check(SwanTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ThrowIfAny(Faults(options));
    }

    /// <summary>Throws when a run can't begin with the options, though one that has begun can go on with them.</summary>
    /// <exception cref="SwanOptionsException">All faults, one a line.</exception>
    public static void CheckStart(SwanTrainerOptions o)
    {
        var faults = new List<string>();
        foreach ((string name, string? file) in (ReadOnlySpan<(string, string?)>)[(nameof(o.BackboneWeights), o.BackboneWeights),
            (nameof(o.TextWeights), o.TextWeights), (nameof(o.Vocabulary), o.Vocabulary), (nameof(o.WordVectors), o.WordVectors),
            .. (o.Teachers ?? []).Where(t => t != "").Select(t => (nameof(o.Teachers), (string?)t))])
        {
            if (file is not null && !File.Exists(file)) faults.Add($"{name}: there is no file '{file}'.");
        }
        if (o.Init is { } init) faults.AddRange(InitialFaults(o, init));
        string noWeights = $"no {nameof(o.BackboneWeights)} are given, so they would stay random";
        const string WaysOut = $"Give pretrained weights (--backbone-weights FILE; {nameof(SwanTrainerOptions.BackboneWeights)}), or let "
            + $"the backbone learn (--fine-tune; {nameof(SwanTrainerOptions.FreezeBackbone)} and {nameof(SwanTrainerOptions.FreezeStem)} "
            + "false).";
        bool random = o.BackboneWeights is null && o.Init is null;
        if (random && o.FreezeBackbone)
        {
            faults.Add(
                $"{nameof(o.FreezeBackbone)} is set: the weights of {o.Network.Backbone} would not learn, but {noWeights}. {WaysOut}");
        }
        else if (random && o.FreezeStem)
            faults.Add($"{nameof(o.FreezeStem)} is set: the stem of {o.Network.Backbone} would not learn, but {noWeights}. {WaysOut}");
        ThrowIfAny(faults);
    }

    /// <summary>Throws when a run that has begun can't go on: its steps ask the teachers, also after a checkpoint.</summary>
    /// <exception cref="SwanOptionsException">All faults, one a line.</exception>
    public static void CheckResumed(SwanTrainerOptions o) => ThrowIfAny([.. (o.Teachers ?? []).Where(t => t != "" && !File.Exists(t))
        .Select(t => $"{nameof(o.Teachers)}: there is no file '{t}'. The run's steps need it, also after a checkpoint: restore it, or give "
            + "its new path (--teacher FILE).")]);

    // The model has all of these.
    private static IEnumerable<string> BesideInit(SwanTrainerOptions o) =>
        from given in ((string Name, string? File)[])
        [
            (nameof(o.BackboneWeights), o.BackboneWeights), (nameof(o.TextWeights), o.TextWeights),
            (nameof(o.WordVectors), o.WordVectors), (nameof(o.Vocabulary), o.Vocabulary),
        ]
        where given.File is not null
        select $"{nameof(o.Init)} is '{o.Init}', but {given.Name} is also given: the run can start from only one of them. A finished "
            + $"model includes both towers' weights and its vocabulary. Leave out {given.Name} or {nameof(o.Init)} (--init).";

    private static IEnumerable<string> InitialFaults(SwanTrainerOptions o, string init)
    {
        if (!Path.Exists(init)) yield return $"{nameof(o.Init)}: there is no model file or run's folder '{init}'.";
        else if (!File.Exists(InitialModel.WeightsOf(init)))
        {
            yield return $"{nameof(o.Init)}: the folder '{init}' has no {SwanRun.BestFile}, so it is not a run, or the run has kept no "
                + "weights yet. Give the folder that 'swan train --out' wrote, or a .swan file.";
        }
        else if (InitialModel.IsFile(init) && o.BatchNormMode != BatchNormMode.Eval)
        {
            yield return $"{nameof(o.Init)} is the model file '{init}', and {nameof(o.BatchNormMode)} is {o.BatchNormMode}: a model file "
                + $"has no batch statistics, because export folds them into the weights before them. Set {nameof(o.BatchNormMode)} to "
                + $"{BatchNormMode.Eval} (\"batchNormMode\": \"eval\"), or start from the run's folder.";
        }
    }

    private static void ThrowIfAny(IReadOnlyList<string> faults)
    {
        if (faults.Count > 0)
            throw new SwanOptionsException($"The training options can't be used:{string.Concat(faults.Select(f => "\n  - " + f))}");
    }
}
