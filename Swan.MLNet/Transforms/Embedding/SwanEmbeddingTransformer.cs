using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

// mlContext.Model.Load finds Create(IHostEnvironment, ModelLoadContext) by this, in a process that registers nothing.
[assembly: LoadableClass(
    typeof(SwanEmbeddingTransformer), null, typeof(SignatureLoadModel), "SWAN embedding", SwanEmbeddingTransformer.LoaderName)]

namespace Swan.MLNet.Transforms;

/// <summary>Adds a SWAN embedding to every row.</summary>
/// <remarks>
/// Made by <see cref="SwanEmbeddingEstimator"/>, or by <c>mlContext.Model.Load</c>. Safe for concurrent cursors and prediction engines:
/// they share one encoder. A loaded transformer, or one made from a model's path, owns its encoder and closes it when disposed. One made
/// from a <see cref="SwanModel"/> leaves that model to its owner. One made without either shares <see cref="SwanModel.Default"/>, unless
/// its options set a device or threads. Saving writes the card and the encoder in use into the pipeline, so loading doesn't need the
/// <c>.swan</c> file. Saving reads that file. It stays open, and may be replaced or deleted, until the transformer or the caller's model is
/// disposed; after that it must be in its place (<see cref="IOException"/>) with the same bytes (<see cref="SwanFormatException"/>).
/// </remarks>
public sealed class SwanEmbeddingTransformer : ITransformer, IDisposable
{
    internal const string LoaderName = "SwanEmbedding";

    // Version 2 has OnError where version 1 had OnUnreadable.
    private static readonly PipelineSignature Signature = new("SWANEMBD", LoaderName, Version: 0x00010002, OldestReadable: 0x00010001);

    private readonly EmbeddingColumns _columns;
    private readonly EmbeddingContext _context;
    private readonly SwanModelFile _file;

    // What is saved; a machine that loads the pipeline may use other settings.
    private readonly SwanEmbeddingOptions _saved;

    internal SwanEmbeddingTransformer(
        IHostEnvironment environment, EmbeddingColumns columns, SwanInput input, SwanEmbeddingOptions options, SwanModelFile file,
        EncoderLease lease, SwanEmbeddingOptions? saved = null)
    {
        IHost host = MlNetEnvironment.Host(environment, "SwanEmbedding");
        _columns = columns;
        _file = file;
        _saved = saved ?? options;
        Input = input;
        _context = new EmbeddingContext(lease, options, host);
        MlNetEnvironment.Info(host, "Open",
            $"'{file.Card.Name}' embeds '{columns.Input}' ({input}) into '{columns.Output}' on {lease.DeviceReport}");
    }

    /// <summary>The model's description of itself.</summary>
    public ModelCard Card => _file.Card;

    /// <summary>The column that is embedded.</summary>
    public string InputColumnName => _columns.Input;

    /// <summary>The column that is added.</summary>
    public string OutputColumnName => _columns.Output;

    /// <summary>The content of the input column; never <see cref="SwanInput.Auto"/>.</summary>
    public SwanInput Input { get; }

    /// <summary>The options in effect: a copy.</summary>
    /// <remarks>After loading they may differ from those that were saved (<see cref="SwanLoadOptions"/>).</remarks>
    public SwanEmbeddingOptions Options => _context.Options.Copy();

    /// <summary>The device in use and the reason, in one line.</summary>
    public string DeviceReport => _context.Lease.DeviceReport;

    /// <summary>Captions cut so far because they had more tokens than the model takes.</summary>
    /// <remarks>Counted when a cursor closes, and at each call of a prediction engine.</remarks>
    public long TruncatedCaptions => _context.Cut;

    /// <summary>
    /// The column with the reason for a missing embedding, or null if there is none (see <see cref="SwanEmbeddingOptions.ErrorColumn"/>).
    /// </summary>
    public string? ErrorColumnName => _columns.Error;

    /// <summary>
    /// Whether each input row gives one output row; false with <see cref="SwanOnError.Skip"/>, which rules out prediction engines.
    /// </summary>
    public bool IsRowToRowMapper => _context.Options.OnError != SwanOnError.Skip;

    internal EncoderLease Lease => _context.Lease;

    /// <summary>The same step for image paths of any folder. It shares this one's encoder and is not disposed.</summary>
    internal SwanEmbeddingTransformer Anywhere(IHostEnvironment environment)
    {
        SwanEmbeddingOptions options = Options;
        options.ImageFolder = null;
        return new(environment, _columns, Input, options, _file, Lease);
    }

    internal SwanModelFile File => _file;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of the wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Map(inputSchema).OutputSchema;

    /// <summary>Adds the column.</summary>
    /// <remarks>Nothing runs until its values are read, and then in batches.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of the wrong type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new StepView(this, $"SWAN embedding '{OutputColumnName}'", input, Map(input.Schema).View(input));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">Rows are left out, so this is not a row mapper.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        EmbeddingRowMapper map = Map(inputSchema);
        return IsRowToRowMapper ? map.RowMapper() : throw new InvalidOperationException(
            $"With {nameof(SwanEmbeddingOptions.OnError)} = {SwanOnError.Skip}, the SWAN embedding '{OutputColumnName}' leaves rows out, "
            + "so it is not a row mapper: a prediction engine needs an answer for every row. "
            + $"Use {SwanOnError.Missing} or {SwanOnError.Throw}.");
    }

    /// <summary>Closes the encoder unless another transformer of the same estimator, or the caller's model, still uses it.</summary>
    public void Dispose() => _context.Lease.Dispose();

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        var writer = new PipelineWriter(ctx, Signature);
        writer.Main.Write(_columns.Output);
        writer.Main.Write(_columns.Input);
        writer.Main.Write((int)Input);
        writer.Options(_saved, StepOptionsJson.Default.SwanEmbeddingOptions);
        writer.Bytes(ModelArchive.CardEntry, ModelCardJson.Write(Card));
        if (Input == SwanInput.Caption)
        {
            writer.Bytes(ModelArchive.TextEntry, _file.Entry(ModelArchive.TextEntry));
            writer.Bytes(ModelArchive.VocabularyEntry, _file.Entry(ModelArchive.VocabularyEntry));
        }
        else
        {
            writer.Bytes(ModelArchive.ImageEntry, _file.Entry(ModelArchive.ImageEntry));
        }
    }

    // ML.NET finds this by its signature when it loads a pipeline.
    private static SwanEmbeddingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        const string Name = "the saved pipeline";
        var reader = new PipelineReader(ctx, Signature);
        string output = reader.Name();
        string input = reader.Name();
        var holds = (SwanInput)reader.Int32();
        if (holds is not (SwanInput.ImagePath or SwanInput.Image or SwanInput.Caption or SwanInput.ImageBytes))
        {
            throw new SwanFormatException(
                $"The saved pipeline's SWAN embedding takes an unknown input ({(int)holds}). "
                + "Update Swan.MLNet, or save the pipeline again.");
        }
        SwanEmbeddingOptions saved = reader.Options(
            StepOptionsJson.Default.SwanEmbeddingOptions, "SWAN embedding", o => o.Check());
        (SwanEmbeddingOptions options, SwanModelOptions opening) = AmbientLoadOptions.Apply(saved);
        ModelCard card = ModelCardJson.Read(Entry(ModelArchive.CardEntry), Name);
        bool captions = holds == SwanInput.Caption;
        SwanModelFile file = SwanModelFile.FromParts(
            Name, card,
            image: captions ? null : Entry(ModelArchive.ImageEntry),
            text: captions ? Entry(ModelArchive.TextEntry) : null,
            vocabulary: captions ? Entry(ModelArchive.VocabularyEntry) : null);
        var source = new EncoderSource(file, opening);
        EncoderLease lease = captions ? source.Captions() : source.Images();
        if (AmbientLoadOptions.ServesOnly) file.Release();
        var columns = new EmbeddingColumns(output, input, options.ErrorColumnOf(output), card, options.GivenRangeOf(holds));
        return new SwanEmbeddingTransformer(env, columns, holds, options, file, lease, saved);

        byte[] Entry(string entry) => reader.Bytes(entry, ModelArchive.LongestOf(entry));
    }

    private EmbeddingRowMapper Map(DataViewSchema schema)
    {
        (DataViewSchema.Column column, SwanInput holds) = _columns.Find(schema, Input);
        return new EmbeddingRowMapper(schema, column, holds, _columns.Added(), _context);
    }
}
