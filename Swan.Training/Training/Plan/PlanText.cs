using Swan.MLNet.Numerics;
using Swan.Training.DataLoading;
using Swan.Training.Network;
using static System.FormattableString;

namespace Swan.Training;

/// <summary>Says what a plan has chosen and why, in the terms of its final options.</summary>
internal static class PlanText
{
    public static IReadOnlyList<string> Of(PlanFacts facts, SwanTrainerOptions options, bool onGpu) =>
    [
        $"Without --config, options are chosen for {Counted.Of(facts.Images, "image")} with {Counted.Of(facts.Captions, "caption")}:",
        .. Start(options),
        $"  image tower: {ImageTower(options)}",
        $"  text tower: {TextTower(options)}",
        $"  loss: {Loss(facts, options)}",
        $"  steps: {Steps(facts, options, onGpu)}",
        $"  validation: {Validation(facts, options)}",
        "Flags change single options ('swan train --help'), --config FILE sets all of them, and --config paper uses the paper's. The "
            + "estimated time is shown after the first steps.",
    ];

    private static IEnumerable<string> Start(SwanTrainerOptions o)
    {
        if (o.Init is null) yield break;
        string rates = Invariant($"{o.LearningRate}")
            + (o.BackboneLearningRate is { } backbone ? Invariant($", the backbone {backbone}") : "")
            + (o.TextLearningRate is { } text ? Invariant($", the text tower {text}") : "");
        yield return $"  start: the finished model '{Path.GetFileName(Path.TrimEndingDirectorySeparator(o.Init))}'; learning rate {rates}";
    }

    private static string ImageTower(SwanTrainerOptions o) => Invariant($"{o.Network.Backbone} at {o.Network.ImageSize} pixels, ")
        + (o.Init is not null ? $"the model's{Frozen(o)}"
            : o.BackboneWeights is { } file
            ? $"from '{Path.GetFileName(file)}'{Frozen(o)}"
            : "from scratch, because no pretrained weights are given (better: --backbone-weights FILE)");

    private static string Frozen(SwanTrainerOptions o) => o.FreezeBackbone ? ", frozen" : o.FreezeStem ? ", all but its stem learns" : "";

    private static string TextTower(SwanTrainerOptions o) => JsonEnumNames.For(o.Network.TextTower) + ", "
        + (o.Init is not null ? "the model's" + (o.FreezeText ? ", frozen" : "")
            : o.TextWeights is { } file ? $"from '{Path.GetFileName(file)}'"
            : o.WordVectors is { } vectors ? $"with word vectors from '{Path.GetFileName(vectors)}'"
            : "from scratch, because no pretrained weights are given (better: --text-weights FILE --vocabulary FILE)");

    private static string Loss(PlanFacts facts, SwanTrainerOptions o) => JsonEnumNames.For(o.Loss)
        + (o.SoftTargets > 0 ? Invariant($" with {o.SoftTargets:P0} soft targets") : "")
        + (o.SceneWeight > 0 ? Invariant($", and the scene loss with a weight of {o.SceneWeight}, because there are {facts.Scenes} scenes")
            : facts.NoScenes is { } why ? $", without the scene loss, because {why}"
            : ", without the scene loss");

    private static string Steps(PlanFacts facts, SwanTrainerOptions o, bool onGpu)
    {
        string pairs = o.Pairs == PairsPerEpoch.OneCaptionPerImage
            ? $"every image once with {Counted.Of(o.CaptionsPerImage, "caption")}" : "every caption once";
        return Invariant($"{Counted.Of(o.Epochs, "epoch")}, each with {pairs}, {o.BatchSize} at a time")
            + $"{(facts.Images < o.BatchSize ? ", or as many as there are" : "")}; on {(onGpu ? "a GPU" : "the CPU")}"
            + (o.Minutes is { } minutes ? Invariant($"; at most {minutes} minutes") : "");
    }

    private static string Validation(PlanFacts facts, SwanTrainerOptions o) => o.TrainOnValidation
        ? "none, because all images are trained on"
        : facts.Validation is { } name ? $"{name}, after {(o.ValidateEvery == 1 ? "each epoch" : $"every {o.ValidateEvery} epochs")}"
        : Invariant($"{o.ValidationShare:P1} of the images, divided by '{o.ValidateBy}'")
            + (o.ValidateBy == TrainingPlan.Tiles ? $", because names like '{facts.TileExample}' are of tiles of pictures" : "")
            + ", because there is no validation set";
}
