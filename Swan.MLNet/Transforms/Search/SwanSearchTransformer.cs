using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

// mlContext.Model.Load finds Create(IHostEnvironment, ModelLoadContext) by this, in a process that registers nothing.
[assembly: LoadableClass(typeof(SwanSearchTransformer), null, typeof(SignatureLoadModel), "SWAN search", SwanSearchTransformer.LoaderName)]

namespace Swan.MLNet.Transforms;

/// <summary>
/// Adds the best matches of a gallery to every row. Made by <see cref="SwanSearchEstimator"/>, or by <c>mlContext.Model.Load</c>.
/// </summary>
/// <remarks>
/// Safe for concurrent cursors and prediction engines: they share the index. Saving writes the gallery into the pipeline, so that no
/// index file is needed to load it.
/// </remarks>
public sealed class SwanSearchTransformer : ITransformer
{
    internal const string LoaderName = "SwanSearch";
    private const string IndexStream = "gallery.swanindex";
    private static readonly PipelineSignature Signature = new("SWANSRCH", LoaderName, Version: 0x00010001, OldestReadable: 0x00010001);

    private readonly SearchColumns _columns;
    private readonly SwanSearchOptions _options;
    private readonly IHost _host;

    internal SwanSearchTransformer(IHostEnvironment environment, SearchColumns columns, SwanSearchOptions options)
    {
        _columns = columns;
        _options = options;
        _host = MlNetEnvironment.Host(environment, "SwanSearch");
    }

    /// <summary>What is searched.</summary>
    public SwanIndex Index => _columns.Index;

    /// <summary>The column with the queries' embeddings.</summary>
    public string InputColumnName => _columns.Input;

    /// <summary>The added column with the keys.</summary>
    public string KeysOutputColumnName => _columns.Keys;

    /// <summary>The added column with the scores.</summary>
    public string ScoresOutputColumnName => _columns.Scores;

    internal SwanSearchOptions Options => _options;

    /// <summary>True: each row's results depend on that row alone.</summary>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input column is missing, of the wrong type or length, or of another model than the index.
    /// </exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Map(inputSchema).OutputSchema;

    /// <summary>Adds the columns. Nothing runs until their values are read, and then in batches.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input column is missing, of the wrong type or length, or of another model than the index.
    /// </exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new StepView(this, $"SWAN search '{KeysOutputColumnName}'", input, Map(input.Schema).View(input));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input column is missing, of the wrong type or length, or of another model than the index.
    /// </exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => Map(inputSchema).RowMapper();

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        var writer = new PipelineWriter(ctx, Signature);
        writer.Main.Write(_columns.Keys);
        writer.Main.Write(_columns.Scores);
        writer.Main.Write(_columns.Input);
        writer.Options(_options, StepOptionsJson.Default.SwanSearchOptions);
        writer.Binary(IndexStream, stream => Index.Save(stream.BaseStream));
    }

    // ML.NET finds this by its signature when it loads a pipeline.
    private static SwanSearchTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var reader = new PipelineReader(ctx, Signature);
        string keys = reader.Name(), scores = reader.Name(), input = reader.Name();
        SwanSearchOptions options = reader.Options(
            StepOptionsJson.Default.SwanSearchOptions, "SWAN search", o => o.Check());
        SwanIndex? index = null;
        reader.Binary(IndexStream, stream => index = SwanIndex.Load(stream.BaseStream, "gallery of the saved pipeline"));
        return new SwanSearchTransformer(env, new SearchColumns(keys, scores, input, index!, options.K), options);
    }

    private SearchRowMapper Map(DataViewSchema schema) => new(schema, _columns.Find(schema), _columns, _options, _host);
}
