using Microsoft.ML;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.MLNet.Transforms;

/// <summary>
/// Labels images with classes given as words, without examples: each image gets the class whose words fit it best.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>Needs fitting?</term><description>No; <c>Fit</c> only checks the schema. The classes are embedded when the estimator is
/// made: 3,000 classes in three templates take about a minute on two cores. The options take a cancellation token and
/// progress.</description></item>
/// <item><term>Classes</term><description>Each needs a word that the model knows, no two may be the same to it, and no template may give
/// all of them the same tokens; otherwise <see cref="Text.SwanTextException"/> names them. A prompt longer than the model takes is
/// logged.</description></item>
/// <item><term>Input</term><description>Vector&lt;Single, D&gt; of the same model, of any length but zero, as from
/// <c>SwanEmbedding</c>.</description></item>
/// <item><term>Output</term><description>Two columns. Label: Key&lt;UInt32, C&gt; whose key values are the classes in the order given.
/// Scores: Vector&lt;Single, C&gt;, the softmax of cosine / temperature, with the classes as slot names. A row whose embedding is missing
/// (NaN) or zero gets the missing key and NaN.</description></item>
/// <item><term>Batching</term><description>Row by row; nothing runs unless a column is read.</description></item>
/// <item><term>Exportable to ONNX by ML.NET?</term><description>No: <c>ConvertToOnnx</c> throws.</description></item>
/// </list>
/// Images known to be embedded by another model than the classes are refused. To measure accuracy,
/// <c>mlContext.MulticlassClassification.Evaluate</c> needs true labels whose keys mean the same classes:
/// <example>
/// <code>
/// var classes = mlContext.Data.LoadFromEnumerable(options.Classes.Select(c => new { Class = c }));
/// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label", "Scene", keyData: classes)
///     .Append(mlContext.Transforms.SwanEmbedding("Embedding", "ImagePath"))
///     .Append(mlContext.Transforms.SwanZeroShot("PredictedLabel", "Score", "Embedding", options));
/// </code>
/// </example>
/// </remarks>
public sealed class SwanZeroShotEstimator : IEstimator<SwanZeroShotTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly ZeroShotColumns _columns;
    private readonly SwanZeroShotOptions _options;

    private SwanZeroShotEstimator(
        IHostEnvironment environment, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName,
        Func<EncoderSource> open, SwanZeroShotOptions options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(labelOutputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(scoresOutputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        if (labelOutputColumnName == scoresOutputColumnName)
        {
            throw new ArgumentException(
                $"Label and scores would both be named '{labelOutputColumnName}', so one would hide the other. "
                + "Give them different names.",
                nameof(scoresOutputColumnName));
        }
        if (options is null)
        {
            throw new ArgumentNullException(
                nameof(options),
                "A zero-shot classification needs its classes. Give new SwanZeroShotOptions { Classes = [\"harbor\", \"beach\", …] }.");
        }
        _environment = environment;
        _options = options.Copy();
        _options.Check();
        EncoderSource source = open();
        using EncoderLease lease = source.Captions();
        SwanIndex classes = ZeroShotClasses.Embed(
            lease.Captions, source.File.Card, _options, MlNetEnvironment.Host(environment, "SwanZeroShot"));
        _columns = new ZeroShotColumns(labelOutputColumnName, scoresOutputColumnName, inputColumnName, classes);
    }

    /// <summary>The classes' embeddings, in order; each key is the class.</summary>
    public SwanIndex Classes => _columns.Classes;

    /// <summary>Checks the schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input column is missing, of the wrong type or length, or of another model than the classes.
    /// </exception>
    public SwanZeroShotTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _columns.Find(input.Schema);
        return new SwanZeroShotTransformer(_environment, _columns, _options);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _columns.Check(inputSchema);
        return ColumnShapes.Append(inputSchema, _columns.Added());
    }

    /// <summary>From a model that the caller opened and owns.</summary>
    internal static SwanZeroShotEstimator From(
        IHostEnvironment environment, string label, string scores, string input, SwanModel model, SwanZeroShotOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new SwanZeroShotEstimator(environment, label, scores, input, () => new EncoderSource(model), options);
    }

    /// <summary>
    /// From the model inside this library: the open text tower where the process has it; otherwise it is opened for the classes and
    /// closed again, where the shared model would stay for good.
    /// </summary>
    internal static SwanZeroShotEstimator From(
        IHostEnvironment environment, string label, string scores, string input, SwanZeroShotOptions options) =>
        new(environment, label, scores, input,
            () => SwanModel.DefaultWithCaptions is { } open
                ? new EncoderSource(open) : new EncoderSource(SwanModelFile.Default, new SwanModelOptions()),
            options);

    /// <summary>From a model file, which is read now and closed again.</summary>
    internal static SwanZeroShotEstimator From(
        IHostEnvironment environment, string label, string scores, string input, string modelPath, SwanZeroShotOptions options) =>
        new(environment, label, scores, input, () => new EncoderSource(SwanModelFile.Open(modelPath), new SwanModelOptions()), options);
}
