using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

// mlContext.Model.Load finds Create(IHostEnvironment, ModelLoadContext) by this, in a process that registers nothing.
[assembly: LoadableClass(
    typeof(SwanZeroShotTransformer), null, typeof(SignatureLoadModel), "SWAN zero-shot", SwanZeroShotTransformer.LoaderName)]

namespace Swan.MLNet.Transforms;

/// <summary>Adds the class that fits each row's embedding best, and all classes' scores.</summary>
/// <remarks>
/// Made by <see cref="SwanZeroShotEstimator"/>, or by <c>mlContext.Model.Load</c>. Safe for concurrent cursors and prediction engines.
/// Saving writes the classes' embeddings into the pipeline, so loading needs neither the model file nor its text tower.
/// </remarks>
public sealed class SwanZeroShotTransformer : ITransformer
{
    internal const string LoaderName = "SwanZeroShot";
    private const string ClassesStream = "classes.swanindex";
    private static readonly PipelineSignature Signature = new("SWANZERO", LoaderName, Version: 0x00010001, OldestReadable: 0x00010001);

    private readonly ZeroShotColumns _columns;
    private readonly SwanZeroShotOptions _options;

    internal SwanZeroShotTransformer(IHostEnvironment environment, ZeroShotColumns columns, SwanZeroShotOptions options)
    {
        _columns = columns;
        _options = options;
        MlNetEnvironment.Info(MlNetEnvironment.Host(environment, "SwanZeroShot"), "Open",
            $"{columns.Classes.Count:N0} classes{(columns.Classes.Model is null ? "" : $", embedded by {columns.Classes.Model}")}");
    }

    /// <summary>The classes' embeddings, in order; each key is the class.</summary>
    public SwanIndex Classes => _columns.Classes;

    /// <summary>The column with the embeddings that are classified.</summary>
    public string InputColumnName => _columns.Input;

    /// <summary>The added column with the predicted class.</summary>
    public string LabelOutputColumnName => _columns.Label;

    /// <summary>The added column with the scores.</summary>
    public string ScoresOutputColumnName => _columns.Scores;

    /// <summary>True: each row's class depends on that row alone.</summary>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input column is missing, of the wrong type or length, or of another model than the classes.
    /// </exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Map(inputSchema).OutputSchema;

    /// <summary>Adds the columns.</summary>
    /// <remarks>Nothing runs until their values are read.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input column is missing, of the wrong type or length, or of another model than the classes.
    /// </exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new StepView(this, $"SWAN zero-shot classification '{LabelOutputColumnName}'", input, Map(input.Schema).View(input));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input column is missing, of the wrong type or length, or of another model than the classes.
    /// </exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => Map(inputSchema).RowMapper();

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        var writer = new PipelineWriter(ctx, Signature);
        writer.Main.Write(_columns.Label);
        writer.Main.Write(_columns.Scores);
        writer.Main.Write(_columns.Input);
        writer.Options(_options, StepOptionsJson.Default.SwanZeroShotOptions);
        writer.Binary(ClassesStream, stream => Classes.Save(stream.BaseStream));
    }

    // ML.NET finds this by its signature when it loads a pipeline.
    private static SwanZeroShotTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var reader = new PipelineReader(ctx, Signature);
        string label = reader.Name(), scores = reader.Name(), input = reader.Name();
        SwanZeroShotOptions options = reader.Options(
            StepOptionsJson.Default.SwanZeroShotOptions, "zero-shot classification", o => o.Copy().CheckSaved()).Copy();
        SwanIndex? classes = null;
        reader.Binary(ClassesStream, stream => classes = SwanIndex.Load(stream.BaseStream, "classes of the saved pipeline"));
        if (!classes!.Keys.SequenceEqual(options.Classes, StringComparer.Ordinal))
        {
            throw new SwanFormatException(
                $"The saved pipeline's zero-shot classification has {options.Classes.Count:N0} classes, but embeddings of other classes "
                + $"({classes.Keys.Count:N0}). It was changed after it was saved: save the pipeline again.");
        }
        return new SwanZeroShotTransformer(env, new ZeroShotColumns(label, scores, input, classes), options);
    }

    private ZeroShotRowMapper Map(DataViewSchema schema) => new(schema, _columns.Find(schema), _columns, _options.Temperature);
}
