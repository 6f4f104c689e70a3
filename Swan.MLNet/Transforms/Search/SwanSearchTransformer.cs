using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

// mlContext.Model.Load finds Create(IHostEnvironment, ModelLoadContext) by this, in a process that registers nothing.
[assembly: LoadableClass(typeof(SwanSearchTransformer), null, typeof(SignatureLoadModel), "SWAN search", SwanSearchTransformer.LoaderName)]

namespace Swan.MLNet.Transforms;

/// <summary>Adds the best matches of a gallery to every row.</summary>
/// <remarks>
/// Made by <see cref="SwanSearchEstimator"/>, or by <c>mlContext.Model.Load</c>. Safe for concurrent cursors and prediction engines: they
/// share the index. Saving writes a gallery in memory into the pipeline, so loading needs no index file; for a living index it writes the
/// folder or the rows (<see cref="SwanSearchOptions.Saving"/>). <see cref="Dispose"/> closes the living index of a loaded pipeline for all
/// prediction engines; the caller's own index stays the caller's.
/// </remarks>
public sealed class SwanSearchTransformer : ITransformer, IDisposable
{
    internal const string LoaderName = "SwanSearch";
    private const string IndexStream = "gallery.swanindex";
    private const string FolderStream = "index.folder";

    // Version 2 may refer to a living index. What doesn't is written as version 1, which older versions of Swan read.
    private static readonly PipelineSignature Signature = new("SWANSRCH", LoaderName, Version: 0x00010002, OldestReadable: 0x00010001);
    private static readonly PipelineSignature WithGallery = Signature with { Version = 0x00010001 };

    private static readonly IndexOwner Owner = new(
        typeof(SwanSearchTransformer).FullName!, $"The living index of this SWAN search is closed. {EncoderLease.WhyClosed}");

    private readonly SearchColumns _columns;
    private readonly SwanSearchOptions _options;
    private readonly IHost _host;
    private readonly SwanLiveIndex? _opened;

    /// <param name="environment">ML.NET's.</param>
    /// <param name="columns">The columns, and what is searched.</param>
    /// <param name="options">The step's own.</param>
    /// <param name="opened">A living index that is this transformer's to close; null: none.</param>
    internal SwanSearchTransformer(
        IHostEnvironment environment, SearchColumns columns, SwanSearchOptions options, SwanLiveIndex? opened = null)
    {
        _columns = columns;
        _options = options;
        _opened = opened;
        _host = MlNetEnvironment.Host(environment, "SwanSearch");
    }

    /// <summary>The searched gallery.</summary>
    public SwanGallery Gallery => _columns.Gallery;

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

    /// <summary>Adds the columns.</summary>
    /// <remarks>Nothing runs until their values are read, and then in batches.</remarks>
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

    /// <summary>Closes the living index that a loaded pipeline refers to, if there is one.</summary>
    /// <remarks>
    /// Disposing a prediction engine does the same, unless it is made with <c>new PredictionEngineOptions { OwnsTransformer = false }</c>.
    /// Rows read after that throw <see cref="ObjectDisposedException"/>.
    /// </remarks>
    public void Dispose() => _opened?.Close();

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        string? folder = _options.Saving == SwanIndexSaving.Reference && Gallery is SwanLiveIndex index ? index.Folder : null;
        var writer = new PipelineWriter(ctx, folder is null ? WithGallery : Signature);
        writer.Main.Write(_columns.Keys);
        writer.Main.Write(_columns.Scores);
        writer.Main.Write(_columns.Input);
        SwanSearchOptions options = _options.Copy();
        // The rows of a copy have passed the filter, and have no columns.
        if (folder is null) (options.Filter, options.Saving) = (null, default);
        writer.Options(options, StepOptionsJson.Default.SwanSearchOptions);
        if (folder is not null) writer.Text(FolderStream, folder);
        else writer.Binary(IndexStream, stream => GalleryCopy.Of(Gallery, _options.Filter, default).Save(stream.BaseStream));
    }

    // ML.NET finds this by its signature when it loads a pipeline.
    private static SwanSearchTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var reader = new PipelineReader(ctx, Signature);
        string keys = reader.Name(), scores = reader.Name(), input = reader.Name();
        SwanSearchOptions options = reader.Options(
            StepOptionsJson.Default.SwanSearchOptions, "SWAN search", o => o.Check());
        if (reader.HasText(FolderStream)) return Open(env, keys, scores, input, options, reader.Text(FolderStream));
        SwanIndex? index = null;
        reader.Binary(IndexStream, stream => index = SwanIndex.Load(stream.BaseStream, "gallery of the saved pipeline"));
        return new SwanSearchTransformer(env, new SearchColumns(keys, scores, input, index!, options.K), options);
    }

    private static SwanSearchTransformer Open(
        IHostEnvironment env, string keys, string scores, string input, SwanSearchOptions options, string saved)
    {
        string folder = AmbientLoadOptions.IndexFolder(saved);
        SwanLiveIndex index;
        try
        {
            index = SwanLiveIndex.OpenShared(folder, null, Owner);
        }
        catch (FileNotFoundException e)
        {
            throw new SwanFormatException(
                $"The saved pipeline's SWAN search refers to the living index in '{folder}', which doesn't exist. Load the pipeline with "
                + $"mlContext.Swan().LoadPipeline and {nameof(SwanLoadOptions)}.{nameof(SwanLoadOptions.IndexFolder)}, or save it with "
                + $"{nameof(SwanIndexSaving)}.{nameof(SwanIndexSaving.Copy)}.", e);
        }
        try
        {
            options.Filter?.Check(index.Columns);
            return new SwanSearchTransformer(env, new SearchColumns(keys, scores, input, index, options.K), options, index);
        }
        catch
        {
            index.Close();
            throw;
        }
    }

    private SearchRowMapper Map(DataViewSchema schema) => new(schema, _columns.Find(schema), _columns, _options, _host);
}
