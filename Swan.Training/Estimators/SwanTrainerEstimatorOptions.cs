using System.Text.Json.Serialization;
using Microsoft.ML;
using Swan.MLNet.Metadata;
using Swan.MLNet.Transforms;

namespace Swan.Training.Estimators;

/// <summary>Input columns, training options and output of a <see cref="SwanTrainerEstimator"/>.</summary>
/// <remarks>Can be written as JSON and read back.</remarks>
public sealed class SwanTrainerEstimatorOptions
{
    /// <summary>
    /// Text: the path of an image file, relative to <see cref="SwanEmbeddingOptions.ImageFolder"/> (default <c>ImagePath</c>).
    /// </summary>
    public string ImageColumnName { get; set; } = "ImagePath";

    /// <summary>Text, or a vector of text: what the image shows.</summary>
    /// <remarks>
    /// Rows with the same image path are combined, so one row per caption works as well as one row per image. Default <c>Captions</c>.
    /// </remarks>
    public string CaptionColumnName { get; set; } = "Captions";

    /// <summary>
    /// Text: the image's scene, for a split by scene and for scene recall (default null: the file name up to its first <c>_</c>).
    /// </summary>
    public string? SceneColumnName { get; set; }

    /// <summary>The column that the fitted transformer adds: Vector&lt;Single, D&gt; (default <c>Embedding</c>).</summary>
    public string OutputColumnName { get; set; } = "Embedding";

    /// <summary>How it trains.</summary>
    /// <remarks>
    /// Default null: options chosen for the rows (<see cref="TrainingPlan"/>), or those of the resumed run. The paper's options,
    /// <c>new()</c>, need <see cref="SwanTrainerOptions.BackboneWeights"/>.
    /// </remarks>
    public SwanTrainerOptions? Training { get; set; }

    /// <summary>What the fitted transformer embeds and how (default: the image column).</summary>
    /// <remarks>
    /// With <see cref="SwanEmbeddingOptions.Input"/> = <see cref="SwanInput.Caption"/>, it embeds the caption column, which must then be a
    /// single text. Its image folder also applies to training.
    /// </remarks>
    public SwanEmbeddingOptions Embedding { get; set; } = new();

    /// <summary>Folder that receives the run: configuration, metrics, curves, weights, and the model file <c>model.swan</c>.</summary>
    /// <remarks>
    /// Default null: a temporary folder that is removed afterward, for pipelines that are fitted several times. See <see cref="SwanRun"/>.
    /// </remarks>
    public string? RunFolder { get; set; }

    /// <summary>Whether to continue the run in <see cref="RunFolder"/> where it stopped (default false).</summary>
    public bool Resume { get; set; }

    /// <summary>
    /// Validation data with the same columns, to choose the best epoch (default null: <see cref="SwanTrainerOptions.ValidationShare"/> of
    /// the fitted images).
    /// </summary>
    /// <remarks>With <see cref="SwanTrainerOptions.TrainOnValidation"/>, it is trained on instead.</remarks>
    [JsonIgnore]
    public IDataView? Validation { get; set; }

    /// <summary>Receives progress after every step.</summary>
    /// <remarks>Default none; messages and epochs are also in <c>MLContext.Log</c>.</remarks>
    [JsonIgnore]
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>
    /// Ends <c>Fit</c> after the current step with an <see cref="OperationCanceledException"/>; a <see cref="RunFolder"/> keeps the
    /// checkpoint and the best network so far (default none).
    /// </summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    internal SwanTrainerEstimatorOptions Copy()
    {
        var copy = (SwanTrainerEstimatorOptions)MemberwiseClone();
        copy.Embedding = Embedding?.Copy()!;
        return copy;
    }

    /// <summary>Reports all that is wrong at once.</summary>
    internal void Check()
    {
        var faults = new List<string>();
        (string Name, string? Value)[] columns =
        [
            (nameof(ImageColumnName), ImageColumnName), (nameof(CaptionColumnName), CaptionColumnName),
            (nameof(OutputColumnName), OutputColumnName),
        ];
        faults.AddRange(columns.Where(c => string.IsNullOrEmpty(c.Value)).Select(c => $"{c.Name} is empty; expected a column's name."));
        if (SceneColumnName is { Length: 0 })
            faults.Add($"{nameof(SceneColumnName)} is empty; expected a column's name, or null for the file name's beginning.");
        if (ImageColumnName == CaptionColumnName)
            faults.Add($"{nameof(ImageColumnName)} and {nameof(CaptionColumnName)} are both '{ImageColumnName}'.");
        if (Resume && RunFolder is null) faults.Add($"{nameof(Resume)} is set, but {nameof(RunFolder)} is null: give the run's folder.");
        if (RunFolder is { Length: 0 }) faults.Add($"{nameof(RunFolder)} is empty; expected a folder, or null for a temporary one.");
        if (Training is not null) faults.AddRange(SwanTrainerOptionsValidation.Faults(Training).Select(f => $"{nameof(Training)}.{f}"));
        if (Embedding is null) faults.Add($"{nameof(Embedding)} is null.");
        else faults.AddRange(EmbeddingFaults(Embedding));
        if (faults.Count > 0)
        {
            throw new ArgumentException(
                "The options of the SWAN trainer can't be used:" + string.Concat(faults.Select(f => "\n  - " + f)), "options");
        }
    }

    private static IEnumerable<string> EmbeddingFaults(SwanEmbeddingOptions embedding)
    {
        if (embedding.Input is SwanInput.Image or SwanInput.ImageBytes)
        {
            yield return $"{nameof(Embedding)}.{nameof(embedding.Input)} is {embedding.Input}, but training reads image files: "
                + $"expected {SwanInput.Auto}, {SwanInput.ImagePath} or {SwanInput.Caption}.";
        }
        if (embedding.ChooseSamples)
        {
            yield return $"{nameof(Embedding)}.{nameof(embedding.Range)}, {nameof(embedding.Bands)} or {nameof(embedding.NoData)} is set; "
                + "expected null. Training reads images by the file's tags or the model's rule, so it would learn from other pixels "
                + "than it embeds.";
        }
        string? fault = null;
        try
        {
            embedding.Check();
        }
        catch (ArgumentOutOfRangeException e)
        {
            fault = e.Sentence();
        }

        if (fault is not null) yield return fault;
    }
}
