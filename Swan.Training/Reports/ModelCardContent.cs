using Swan.MLNet.Evaluation;
using Swan.MLNet.ModelFiles;
using Swan.Training.Evaluation;

namespace Swan.Training.Reports;

/// <summary>All that a card says: read from the model and its run, measured, or known to a person.</summary>
internal sealed record ModelCardContent
{
    /// <summary>The model file's name, without its folder.</summary>
    public required string ModelFile { get; init; }

    /// <summary>The model file's size.</summary>
    public required long Bytes { get; init; }

    /// <summary>What the model file says about itself.</summary>
    public required ModelCard Model { get; init; }

    /// <summary>Counted in the run's best network.</summary>
    public required TowerParameters Parameters { get; init; }

    /// <summary>The run's options.</summary>
    public required SwanTrainerOptions Options { get; init; }

    /// <summary>The run's epochs.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>What the run learned from.</summary>
    public required RunData Data { get; init; }

    /// <summary>What each start of the run ran on.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, string>> Starts { get; init; }

    /// <summary>What the metrics were measured on; the first set is the one that scenes, queries and speed are of.</summary>
    public required IReadOnlyList<MeasuredSet> Sets { get; init; }

    /// <summary>
    /// The model by the same recipe that the metrics were measured on, where the model itself has learned from the validation set.
    /// </summary>
    public MeasuredHeldOutModel? HeldOut { get; init; }

    /// <summary>Null where the first set's images are of fewer than two scenes.</summary>
    public MeasuredScenes? Scenes { get; init; }

    /// <summary>Null without queries.</summary>
    public MeasuredQueries? Queries { get; init; }

    /// <summary>The one thing that differs from time to time.</summary>
    public required PipelineThroughput Speed { get; init; }

    /// <summary>What the encoders ran on.</summary>
    public required string Device { get; init; }

    /// <summary>What a person knows.</summary>
    public required CardNotes Notes { get; init; }
}

/// <summary>Metrics of one set.</summary>
/// <param name="Name">The set's file name.</param>
/// <param name="Metrics">As <c>swan evaluate</c> measures them.</param>
/// <param name="Relation">What the set has to do with the run, a clause.</param>
internal sealed record MeasuredSet(string Name, RetrievalMetrics Metrics, string Relation);

/// <summary>What was measured in the model's place.</summary>
/// <param name="File">Its file's name.</param>
/// <param name="Fingerprint">What tells it from others.</param>
internal sealed record MeasuredHeldOutModel(string File, string Fingerprint);

/// <summary>What is known scene by scene.</summary>
/// <param name="Confusion">From captions to the images that they find first.</param>
/// <param name="Names">The scenes' names in words, in the confusion's order.</param>
/// <param name="ZeroShot">From images to the scenes' words; null where the model can't tell these words apart.</param>
/// <param name="Picture">The name of the confusion's picture, which lies beside the card.</param>
internal sealed record MeasuredScenes(SceneConfusion Confusion, IReadOnlyList<string> Names, SceneZeroShot? ZeroShot, string Picture);

/// <summary>Queries of which the right scenes are known.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Count">How many.</param>
/// <param name="PrecisionAt10">The share of right images among the first ten, mean over the queries, in [0, 1].</param>
internal sealed record MeasuredQueries(string File, int Count, double PrecisionAt10);
