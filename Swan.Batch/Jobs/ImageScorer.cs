using Microsoft.ML;
using Swan.Batch.Inputs;
using Swan.Batch.Output;
using Swan.MLNet;
using Swan.MLNet.DataViews;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Transforms;

namespace Swan.Batch.Jobs;

/// <summary>The ML.NET pipeline of a job: paths in, columns or reasons out.</summary>
internal sealed class ImageScorer : IDisposable
{
    private readonly OwnCatalogs _catalogs;
    private readonly SwanEmbeddingTransformer _embedding;
    private readonly ITransformer? _steps;
    private readonly IReadOnlyList<string> _columns;

    /// <summary>Opens the model, and makes the steps after it.</summary>
    /// <exception cref="SwanBatchException">The model, the device or a column can't be used.</exception>
    public ImageScorer(MLContext context, BatchJobOptions options, CancellationToken cancellation)
    {
        _catalogs = new OwnCatalogs(context);
        IDataView none = _catalogs.Data.LoadFromEnumerable(Array.Empty<ImageRow>());
        _embedding = OpenModel(context, options, cancellation).Fit(none);
        try
        {
            IDataView embedded = _embedding.Transform(none);
            _steps = options.Steps?.Create!(embedded);
            _columns = options.Steps?.Columns ?? [BatchSteps.EmbeddingColumn];
            ThrowIfUnwritable((_steps?.Transform(embedded) ?? embedded).Schema);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the model says about itself.</summary>
    public ModelCard Card => _embedding.Card;

    public string Device => _embedding.DeviceReport;

    /// <summary>Begins a pass over rows, in order.</summary>
    /// <remarks>Each is a pass of its own with the same batches, so that a chunk made again has the same vectors to the bit.</remarks>
    public ScoredRows Score(ImageRow[] rows)
    {
        IDataView embedded = _embedding.Transform(_catalogs.Data.LoadFromEnumerable(rows));
        return new ScoredRows(_steps?.Transform(embedded) ?? embedded, _columns);
    }

    public void Dispose()
    {
        (_steps as IDisposable)?.Dispose();
        _embedding.Dispose();
    }

    private static SwanEmbeddingEstimator OpenModel(MLContext context, BatchJobOptions options, CancellationToken cancellation)
    {
        var embedding = new SwanEmbeddingOptions
        {
            ImageFolder = options.FullRoot,
            // Of a listed folder, links to files were listed on purpose.
            RestrictToImageFolder = options.RestrictToRoot && options.Root is not null,
            OnError = SwanOnError.Missing,
            ErrorColumn = BatchSteps.ErrorColumn,
            Rotations = options.Rotations,
            Range = options.Range,
            Bands = options.Bands,
            NoData = options.NoData,
            MinValidShare = options.MinValidShare,
            BatchSize = options.BatchSize,
            MaxPixels = options.MaxPixels,
            MaxBytes = options.MaxBytes,
            Device = options.Device,
            Threads = options.Threads,
            CancellationToken = cancellation,
        };
        try
        {
            // Not SwanModel.Default: a job needs no text tower, whose weights would take 120 MB of every process.
            SwanModelFile file = options.Model is { } path ? SwanModelFile.Read(path) : SwanModelFile.Default;
            return SwanEmbeddingEstimator.From(
                MlNetEnvironment.Get(context.Transforms), BatchSteps.EmbeddingColumn, BatchSteps.ImageColumn, file, embedding);
        }
        catch (Exception e) when (e is SwanException or FileNotFoundException or DirectoryNotFoundException
            or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new SwanBatchException(e.Message, innerException: e);
        }
    }

    private void ThrowIfUnwritable(DataViewSchema schema)
    {
        foreach (string name in _columns)
        {
            if (schema.GetColumnOrNull(name) is not { } column)
            {
                throw new SwanBatchException(
                    $"{nameof(BatchSteps)}.{nameof(BatchSteps.Columns)} has '{name}', which the pipeline doesn't give. It gives: "
                    + $"{string.Join(", ", schema.Where(c => !c.IsHidden).Select(c => c.Name))}.");
            }

            if (ChunkColumn.Create(column) is null)
            {
                throw new SwanBatchException(
                    $"The column '{name}' is {column.Type}, which a chunk can't hold. Expected text, Boolean, Int32, Int64, Single, Double "
                    + "or Vector<Single> of a fixed size; MapKeyToValue turns a key into its text.");
            }
        }
    }
}
