using Microsoft.ML;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.MLNet.Transforms;

/// <summary>Turns each image or caption into a SWAN embedding; images and captions of one model can be compared with each other.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Needs fitting?</term><description>No; <c>Fit</c> only checks the schema and opens the encoder.</description></item>
/// <item><term>Input</term><description>Text: the path of an image file, relative to <see cref="SwanEmbeddingOptions.ImageFolder"/>. Or
/// Vector&lt;Byte&gt;: an encoded image (a whole JPEG, PNG … file), such as from a <c>byte[]</c> property. Or an Image column. Or, with
/// <see cref="SwanEmbeddingOptions.Input"/> = <see cref="SwanInput.Caption"/>, text: a caption.</description></item>
/// <item><term>Output</term><description>Vector&lt;Single, D&gt;, D = the model's embedding size. Unit L2 norm: a dot product is the
/// cosine, in [-1, 1].</description></item>
/// <item><term>Annotations of the output</term><description><c>SwanModel</c>, text: the model's fingerprint, a space, its name (<see
/// cref="ModelIdentity"/>). <c>SwanVariant</c>, text: <c>canonical</c> or <c>reference</c>. <c>SwanRange</c>, text, of images:
/// <see cref="SwanEmbeddingOptions.Range"/>, or <c>model</c> where it is null. <c>IsNormalized</c>, ML.NET's own: true. Such
/// as <c>schema["Embedding"].Annotations.GetValue("SwanVariant", ref text)</c>.</description></item>
/// <item><term>Rows that can't be embedded</term><description>By <see cref="SwanEmbeddingOptions.OnError"/>: an error (default), left out,
/// or NaN with a text column for the reason. A caption without a word that the model knows is such a row.</description></item>
/// <item><term>Batching</term><description>The source is read once. When the column is first read, up to
/// <see cref="SwanEmbeddingOptions.BatchSize"/> rows are taken from the source with their other active columns and computed together: 4 at
/// first, doubling from batch to batch. Nothing runs unless the column is read. Image files and encoded images of the next batch are
/// decoded while this one is encoded. Images of an Image column come from the step before, one by one, so paths are faster. At most two
/// batches are in memory, each of about 16 MB of other columns' values at most.</description></item>
/// <item><term>Trainers that read their input many times</term><description>Put <c>AppendCacheCheckpoint</c> before them, or every pass
/// encodes again.</description></item>
/// <item><term>Exportable to ONNX by ML.NET?</term><description>No: <c>ConvertToOnnx</c> throws. <c>SavePortable</c> writes image
/// embeddings for stock ML.NET, and the model file contains both encoders as ONNX.</description></item>
/// </list>
/// The estimator checks the model file when it is made. Transformers fitted by one estimator share one encoder.
/// Source: Pan, Ma and Bai, ICMR 2023, doi:10.1145/3591106.3592236.
/// </remarks>
public sealed class SwanEmbeddingEstimator : IEstimator<SwanEmbeddingTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly EmbeddingColumns _columns;
    private readonly EncoderSource _encoders;
    private readonly SwanEmbeddingOptions _options;

    internal SwanEmbeddingEstimator(
        IHostEnvironment environment, string outputColumnName, string? inputColumnName, EncoderSource encoders,
        SwanEmbeddingOptions options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        if (inputColumnName is { Length: 0 })
        {
            throw new ArgumentException(
                "The input column's name is empty. Give a name, or null to read and replace the output column.", nameof(inputColumnName));
        }
        _environment = environment;
        _encoders = encoders;
        _options = options;
        _columns = new EmbeddingColumns(
            outputColumnName, inputColumnName ?? outputColumnName, options.ErrorColumnOf(outputColumnName), encoders.File.Card,
            options.GivenRangeOf(options.Input));
        if (_columns.Error == outputColumnName)
        {
            throw new ArgumentException(
                $"Embedding and errors would both be named '{outputColumnName}', so one would hide the other. "
                + $"Give {nameof(SwanEmbeddingOptions.ErrorColumn)} another name.",
                nameof(options));
        }
    }

    /// <summary>The model's description of itself.</summary>
    public ModelCard Card => _encoders.File.Card;

    // The range, bands and no data are the open model's, not asked for.
    private bool ReadsAsItsModel { get; init; }

    /// <summary>Checks the schema and opens the encoder.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of the wrong type.</exception>
    public SwanEmbeddingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        (_, SwanInput holds) = _columns.Find(input.Schema, _options.Input);
        SwanEmbeddingOptions options = OptionsFor(holds);
        EncoderLease lease = holds == SwanInput.Caption ? _encoders.Captions() : _encoders.Images();
        EmbeddingColumns columns = _columns with { Range = options.GivenRangeOf(holds) };
        return new SwanEmbeddingTransformer(_environment, columns, holds, options, _encoders.File, lease);
    }

    // Decoded images and captions have no samples to choose from.
    private SwanEmbeddingOptions OptionsFor(SwanInput holds)
    {
        SwanEmbeddingOptions options = _options.Copy();
        if (holds is SwanInput.ImagePath or SwanInput.ImageBytes) return options;
        if (!ReadsAsItsModel && options.ChooseSamples)
        {
            throw new ArgumentOutOfRangeException(
                "options",
                $"{nameof(options.Range)}, {nameof(options.Bands)} or {nameof(options.NoData)} is set, but the column '{_columns.Input}' "
                + $"holds {(holds == SwanInput.Caption ? "captions" : "decoded images")}, which don't use them. Leave them out, or "
                + "embed the paths or bytes of image files.");
        }
        options.Range = null;
        options.Bands = null;
        options.NoData = null;
        return options;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        SwanInput holds = _columns.Find(inputSchema, _options.Input);
        return ColumnShapes.Append(inputSchema, (_columns with { Range = _options.GivenRangeOf(holds) }).Added());
    }

    /// <summary>From a model that the caller opened and owns.</summary>
    internal static SwanEmbeddingEstimator From(
        IHostEnvironment environment, string output, string? input, SwanModel model, SwanEmbeddingOptions? options)
    {
        ArgumentNullException.ThrowIfNull(model);
        SwanEmbeddingOptions copy = Checked(options);
        if (copy.Opening != new SwanModelOptions())
        {
            throw new ArgumentException(
                $"The model is already open (on {model.DeviceReport}), so the options Device = {copy.Device}, Threads = {copy.Threads} and "
                + $"AllowSpinning = {copy.AllowSpinning} can't take effect. Set them in SwanModelOptions when the model is opened, "
                + "or give the model's path.",
                nameof(options));
        }
        // A step that read images differently from its model would silently embed them differently.
        bool asked = copy.ChooseSamples;
        copy.Range ??= model.Decoding.Range;
        copy.Bands ??= model.Decoding.Bands;
        copy.NoData ??= model.Decoding.NoData;
        return new SwanEmbeddingEstimator(environment, output, input, new EncoderSource(model), copy) { ReadsAsItsModel = !asked };
    }

    /// <summary>From a model file, whose card is read now; the encoder in use is read and checked when it is opened.</summary>
    internal static SwanEmbeddingEstimator From(
        IHostEnvironment environment, string output, string? input, string modelPath, SwanEmbeddingOptions? options)
    {
        SwanEmbeddingOptions copy = Checked(options); // before a long read
        return From(environment, output, input, SwanModelFile.Open(modelPath), copy);
    }

    /// <summary>From a model that has been read; only the encoder in use is opened, and the transformer owns it.</summary>
    internal static SwanEmbeddingEstimator From(
        IHostEnvironment environment, string output, string? input, SwanModelFile file, SwanEmbeddingOptions? options)
    {
        SwanEmbeddingOptions copy = Checked(options);
        return new SwanEmbeddingEstimator(environment, output, input, new EncoderSource(file, copy.Opening), copy);
    }

    /// <summary>From the model inside this library.</summary>
    internal static SwanEmbeddingEstimator From(IHostEnvironment environment, string output, string? input, SwanEmbeddingOptions? options)
    {
        // A model's path in place of the input would be a missing column, reported only at fitting.
        if (input?.EndsWith(".swan", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw new ArgumentException(
                $"The input column is '{input}', which looks like a model file. The order is output column, input column, model: "
                + $"name the input column before the model, or null if it is '{output}'.",
                nameof(input));
        }
        SwanEmbeddingOptions copy = Checked(options);
        return new SwanEmbeddingEstimator(environment, output, input, EncoderSource.Default(copy.Opening), copy);
    }

    private static SwanEmbeddingOptions Checked(SwanEmbeddingOptions? options)
    {
        SwanEmbeddingOptions copy = options?.Copy() ?? new SwanEmbeddingOptions();
        copy.Check();
        return copy;
    }
}
