using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;
using Swan.MLNet.Diagnostics;
using Swan.MLNet.Encoders;

namespace Swan.MLNet.Hosting;

/// <summary>
/// Predicts with a saved ML.NET pipeline from any thread, and reloads the file when it changes without dropping a request.
/// </summary>
/// <remarks>
/// <para>New content of the file is read when it no longer changes, checked (zip checksums, ML.NET's own, <typeparamref name="TData"/> and
/// <typeparamref name="TPrediction"/>) and then put into service. Running requests finish on their version; later ones get the new one. The
/// old version and its encoder are closed after its last request; until then both are in memory. Unusable content is logged and reported by
/// <see cref="LastFault"/>, and the earlier version stays in service. Writing the same content again retries it.</para>
/// <para>Replace the file safely by renaming the new one over it. Writing in place also works if no pause is longer than
/// <see cref="SwanPredictionEnginePoolOptions.QuietPeriod"/>. Content read in a longer pause is refused, and the complete file is read
/// later.</para>
/// Safe for concurrent use. The caller owns the predictions. An idle engine keeps its last row until the next one (at most two per
/// processor).
/// <example>
/// <code>
/// using var pool = new SwanPredictionEnginePool&lt;Query, Embedded&gt;(new() { PipelinePath = "captions.zip" });
/// float[] embedding = pool.Predict(new Query { Text = "a bridge over a river" }).Embedding;
/// </code>
/// </example>
/// </remarks>
/// <typeparam name="TData">The rows that come in: a class with the pipeline's input columns.</typeparam>
/// <typeparam name="TPrediction">The rows that come out: a class with some of the pipeline's output columns.</typeparam>
public sealed class SwanPredictionEnginePool<TData, TPrediction> : IDisposable
    where TData : class
    where TPrediction : class, new()
{
    private readonly SwanPredictionEnginePoolOptions _options;
    private readonly MLContext _context;
    private readonly OwnCatalogs _catalogs;
    private readonly ILogger _logger;
    private readonly PipelineFileWatch? _watch;
    private volatile LoadedPipeline<TData, TPrediction> _current;
    private volatile string? _lastFault;
    private (string Hash, FileStamp Stamp)? _refused;
    private readonly bool _shared;
    private int _disposed;

    /// <summary>Loads the pipeline and begins to follow its file.</summary>
    /// <param name="options">Copied.</param>
    /// <param name="context">Loads the pipeline; null makes one that logs to <paramref name="logger"/>. The pool does not affect the
    /// context's trainers.</param>
    /// <param name="logger">The logger; null logs nothing.</param>
    /// <exception cref="ArgumentException">
    /// An option is out of its range, or the file doesn't exist; all faults are reported together.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The file can't be loaded, or doesn't match the row types; the message and the cause say why.
    /// </exception>
    public SwanPredictionEnginePool(
        SwanPredictionEnginePoolOptions options, MLContext? context = null,
        ILogger<SwanPredictionEnginePool<TData, TPrediction>>? logger = null)
        : this(options, context, logger, shared: false)
    {
    }

    /// <summary>The same; a shared one is closed by its owner (<see cref="Close"/>) only.</summary>
    internal SwanPredictionEnginePool(
        SwanPredictionEnginePoolOptions options, MLContext? context, ILogger<SwanPredictionEnginePool<TData, TPrediction>>? logger,
        bool shared)
    {
        _shared = shared;
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Copy();
        string[] faults = [.. _options.Faults()];
        if (faults.Length > 0)
        {
            throw new ArgumentException(
                $"The options of the prediction engine pool are not valid: {string.Join("; ", faults)}.", nameof(options));
        }
        // The application may change its current folder.
        _options.PipelinePath = Path.GetFullPath(_options.PipelinePath);
        _logger = logger ?? (ILogger)NullLogger.Instance;
        _context = context ?? LoggingContext(_logger);
        _catalogs = new OwnCatalogs(_context);
        FileSnapshot file;
        try
        {
            file = FileSnapshot.Read(_options.PipelinePath)
                ?? throw new IOException("it is being written, or has just been removed. Start when it is complete.");
            _current = Load(file, version: 1);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"'{_options.PipelinePath}' can't be served as {typeof(TData).Name} → {typeof(TPrediction).Name}: {e.Message}", e);
        }
        _logger.PipelineInService(1, _options.PipelinePath, _current.Length, _current.Hash);
        if (_options.Reload)
        {
            _watch = new PipelineFileWatch(
                _options, file.Stamp, Look, () => _logger.PipelineGone(_options.PipelinePath, _current.Version), _logger);
        }
    }

    /// <summary>The version in service: 1 for the first content, one more after each reload.</summary>
    public int Version => _current.Version;

    /// <summary>The reason that the file's present content was refused or can't be read.</summary>
    /// <remarks>Null if the pool serves the content that the last look found.</remarks>
    public string? LastFault => _lastFault;

    internal LoadedPipeline<TData, TPrediction> Current => _current;

    internal long Looks => _watch?.Looks ?? 0;

    /// <summary>Predicts one row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>The prediction, a new object.</returns>
    /// <exception cref="Text.SwanTextException">
    /// The model knows no word of the row's caption: bad input, HTTP status 400. A pipeline that was saved with
    /// <see cref="Transforms.SwanOnError.Missing"/> answers with a missing embedding (NaN) instead.
    /// </exception>
    /// <exception cref="SwanRowException">The row can't be predicted, such as an image that can't be read.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public TPrediction Predict(TData row)
    {
        ArgumentNullException.ThrowIfNull(row);
        LoadedPipeline<TData, TPrediction> pipeline = Enter();
        try
        {
            return pipeline.Predict(row);
        }
        finally
        {
            pipeline.Leave();
        }
    }

    /// <summary>Ends the watch and accepts no more requests; running ones finish, and the last one closes the pipeline.</summary>
    /// <remarks>Does nothing for the pool of a service container.</remarks>
    public void Dispose()
    {
        if (!_shared) Close();
    }

    /// <summary>Does what <see cref="Dispose"/> does, also for a shared pool: for its owner.</summary>
    internal void Close()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _watch?.Dispose();
        _current.Leave();
    }

    private LoadedPipeline<TData, TPrediction> Enter()
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            // A closed one has been replaced between the two steps, and its successor is there already.
            LoadedPipeline<TData, TPrediction> current = _current;
            if (current.TryEnter()) return current;
        }
    }

    /// <summary>Takes the file's content into service, if it is new and can be used. Only the watch calls it.</summary>
    private FileLook Look()
    {
        FileSnapshot? file;
        try
        {
            file = FileSnapshot.Read(_options.PipelinePath);
        }
        catch (Exception e)
        {
            _lastFault = e.Message;
            SwanTelemetry.CountFailure("reload", e.GetType().Name);
            throw;
        }
        if (file is null) return FileLook.Again;
        if (file.Hash == _current.Hash) (_refused, _lastFault) = (null, null);
        // Content that was refused and is written again is tried again: memory may have been short.
        if (file.Hash == _current.Hash || (file.Hash, file.Stamp) == _refused) return FileLook.Done;
        LoadedPipeline<TData, TPrediction> old = _current;
        using Activity? activity = SwanTelemetry.Activities.StartActivity("swan.reload");
        try
        {
            _current = Load(file, old.Version + 1);
        }
        catch (Exception e)
        {
            (_refused, _lastFault) = ((file.Hash, file.Stamp), e.Message);
            SwanTelemetry.CountFailure("reload", e.GetType().Name);
            activity?.SetTag(SwanTelemetry.ErrorTag, e.GetType().Name).SetStatus(ActivityStatusCode.Error, e.Message);
            _logger.PipelineRefused(e, _options.PipelinePath, old.Version);
            return FileLook.Done;
        }
        (_refused, _lastFault) = (null, null);
        SwanTelemetry.Reloads.Add(1);
        _logger.PipelineInService(_current.Version, _options.PipelinePath, _current.Length, _current.Hash);
        old.Leave();
        return FileLook.Done;
    }

    private LoadedPipeline<TData, TPrediction> Load(FileSnapshot file, int version)
    {
        LoadedPipeline<TData, TPrediction> loaded = LoadedPipeline<TData, TPrediction>.Load(
            _context, _catalogs, file, version, _options, Closed);
        OpeningMemory.GiveBack(file.Bytes.Length);
        return loaded;
    }

    private void Closed(LoadedPipeline<TData, TPrediction> pipeline, Exception? fault)
    {
        if (fault is null) _logger.PipelineClosed(pipeline.Version, _options.PipelinePath);
        else _logger.PipelineNotClosed(fault, pipeline.Version, _options.PipelinePath);
    }

    private static MLContext LoggingContext(ILogger logger)
    {
        var context = new MLContext();
        context.Log += (_, e) =>
        {
            if (e.Kind is ChannelMessageKind.Warning or ChannelMessageKind.Error) logger.MlNetWarned(e.Message);
            else logger.MlNetSaid(e.Message);
        };
        return context;
    }
}
