using System.Collections.Concurrent;
using Microsoft.ML;
using Swan.MLNet.DataViews;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Hosting;

/// <summary>One version of a pipeline and its prediction engines, which closes itself after its last use.</summary>
/// <remarks>Safe for concurrent use: a prediction engine isn't, so each is used by one request at a time.</remarks>
internal sealed class LoadedPipeline<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    private static readonly int MaxIdle = 2 * Environment.ProcessorCount;

    private readonly OwnCatalogs _catalogs;
    private readonly ITransformer _transformer;
    private readonly bool _ignoreMissingColumns;
    private readonly Action<LoadedPipeline<TData, TPrediction>, Exception?> _closed;
    private readonly ConcurrentBag<PredictionEngine<TData, TPrediction>> _idle = [];

    // Requests, and the pool while this version is in service.
    private readonly ReferenceCount _users;

    private LoadedPipeline(
        OwnCatalogs catalogs, ITransformer transformer, FileSnapshot file, int version, bool ignoreMissingColumns,
        Action<LoadedPipeline<TData, TPrediction>, Exception?> closed)
    {
        (_catalogs, _transformer, _ignoreMissingColumns, _closed) = (catalogs, transformer, ignoreMissingColumns, closed);
        _users = new ReferenceCount(Close);
        (Version, Hash, Length) = (version, file.Hash, file.Bytes.Length);
    }

    public int Version { get; }

    public string Hash { get; }

    public long Length { get; }

    /// <summary>Whether its last user has left and its transformer is disposed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>
    /// Loads a pipeline and makes a first engine, so a mismatch with the row types is found now and not by a request.
    /// </summary>
    /// <param name="context">Loads the pipeline.</param>
    /// <param name="catalogs">Make engines. Traffic decides how many, so they must not draw from the caller's context.</param>
    /// <param name="file">Its content.</param>
    /// <param name="version">Its number.</param>
    /// <param name="options">The pool's.</param>
    /// <param name="closed">Called after the last use, with the error if there is one.</param>
    public static LoadedPipeline<TData, TPrediction> Load(
        MLContext context, OwnCatalogs catalogs, FileSnapshot file, int version, SwanPredictionEnginePoolOptions options,
        Action<LoadedPipeline<TData, TPrediction>, Exception?> closed)
    {
        ZipIntegrity.Validate(file.Bytes, options.Load?.MaxInflatedBytes);
        ITransformer transformer = context.Swan().LoadPipeline(
            new MemoryStream(file.Bytes, writable: false), out _, (options.Load ?? new()) with { ServesOnly = true });
        var loaded = new LoadedPipeline<TData, TPrediction>(catalogs, transformer, file, version, options.IgnoreMissingColumns, closed);
        try
        {
            ThrowIfRowsAreDropped(transformer);
            loaded._idle.Add(loaded.NewEngine());
            return loaded;
        }
        catch
        {
            (transformer as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>Begins a request; false when this version is closed.</summary>
    public bool TryEnter() => _users.TryEnter();

    /// <summary>Ends a request, or this version's service. The last one closes it.</summary>
    public void Leave() => _users.Leave();

    public TPrediction Predict(TData row)
    {
        if (!_idle.TryTake(out PredictionEngine<TData, TPrediction>? engine)) engine = NewEngine();
        try
        {
            return engine.Predict(row);
        }
        finally
        {
            // After a fault too: every row has a new position, so results for this one can't be mistaken for the next one's.
            if (_idle.Count < MaxIdle) _idle.Add(engine);
            else engine.Dispose();
        }
    }

    // ML.NET's own words are "Must be a row to row mapper".
    private static void ThrowIfRowsAreDropped(ITransformer pipeline)
    {
        if (pipeline.IsRowToRowMapper) return;
        IEnumerable<ITransformer> steps = pipeline as IEnumerable<ITransformer> ?? [pipeline];
        string[] names = [.. steps.Where(s => !s.IsRowToRowMapper).Select(s => s.GetType().Name)];
        string remedy = names.Contains(nameof(SwanEmbeddingTransformer))
            ? $" Save it with {nameof(SwanEmbeddingOptions.OnError)} = {SwanOnError.Missing} or {SwanOnError.Throw}."
            : " Save it without them.";
        throw new InvalidOperationException(
            $"The pipeline may drop rows ({string.Join(", ", names)}), but a prediction needs an answer for each row.{remedy}");
    }

    private void Close()
    {
        Exception? fault = null;
        try
        {
            while (_idle.TryTake(out PredictionEngine<TData, TPrediction>? engine)) engine.Dispose();
            (_transformer as IDisposable)?.Dispose();
        }
        catch (Exception e)
        {
            // The last request already has its answer.
            fault = e;
        }
        IsClosed = true;
        _closed(this, fault);
    }

    private PredictionEngine<TData, TPrediction> NewEngine() =>
        _catalogs.Model.CreatePredictionEngine<TData, TPrediction>(
            _transformer, new PredictionEngineOptions { IgnoreMissingColumns = _ignoreMissingColumns, OwnsTransformer = false });
}
