using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.Batch.Output;
using Swan.MLNet;
using Swan.MLNet.DataViews;
using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.Batch.Jobs;

/// <summary>What makes rows of images: the model, and the steps after it.</summary>
internal sealed class ShardScorer : IDisposable
{
    private readonly OwnCatalogs _catalogs;
    private readonly SwanModel _model;
    private readonly SchemaDefinition _schema;
    private readonly ITransformer? _steps;

    /// <summary>Opens the model, and makes the steps.</summary>
    /// <exception cref="SwanBatchException">The model, the device or a column can't be used.</exception>
    public ShardScorer(MLContext context, BatchJobOptions options)
    {
        _catalogs = new OwnCatalogs(context);
        _model = OpenModel(options);
        Precision = options.Precision;
        try
        {
            _schema = SchemaDefinition.Create(typeof(EmbeddedRow));
            _schema[BatchSteps.EmbeddingColumn].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _model.EmbeddingSize);
            Columns = options.Steps?.Columns ?? [BatchSteps.EmbeddingColumn];
            IDataView none = View([]);
            _steps = options.Steps?.Create!(none);
            ThrowIfUnwritable((_steps?.Transform(none) ?? none).Schema);
            Rotations = new RotationAverage(_model.ImageEncoder, options.Rotations, options.BatchSize);
        }
        catch (Exception e) when (IsOfTheUser(e))
        {
            Dispose();
            throw new SwanBatchException(e.Message, innerException: e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The columns to write after those of every job.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>That of embeddings.</summary>
    public BatchPrecision Precision { get; }

    /// <summary>What the model says about itself.</summary>
    public ModelCard Card => _model.Card;

    public string Device => _model.DeviceReport;

    /// <summary>What images are refused, and how they become pixels.</summary>
    public ImageDecodingOptions Decoding => _model.Decoding;

    /// <summary>Encodes; not for several threads at once.</summary>
    public RotationAverage Rotations { get; }

    /// <summary>Begins a pass over rows, in order.</summary>
    public ScoredRows Score(IReadOnlyList<EmbeddedRow> rows)
    {
        // The steps make the same of an embedding when a later run takes it over from a file.
        if (Precision == BatchPrecision.Half)
        {
            foreach (EmbeddedRow row in rows)
            {
                foreach (ref float value in row.Embedding.AsSpan()) value = (float)(Half)value;
            }
        }
        IDataView embedded = View(rows);
        return new ScoredRows(_steps?.Transform(embedded) ?? embedded, Columns);
    }

    public void Dispose()
    {
        (_steps as IDisposable)?.Dispose();
        _model.Dispose();
    }

    private IDataView View(IReadOnlyList<EmbeddedRow> rows) => _catalogs.Data.LoadFromEnumerable(rows, _schema);

    private static SwanModel OpenModel(BatchJobOptions options)
    {
        try
        {
            // Not SwanModel.Default: a process shares that one, and its settings are others.
            SwanModelFile file = options.Model is { } path ? SwanModelFile.Read(path) : SwanModelFile.Default;
            return SwanModel.Open(file, new SwanModelOptions
            {
                Device = options.Device,
                Threads = options.Threads,
                Decoding = options.Decoding,
            });
        }
        catch (Exception e) when (IsOfTheUser(e))
        {
            throw new SwanBatchException(e.Message, innerException: e);
        }
    }

    private static bool IsOfTheUser(Exception e) => e is not SwanBatchException && e is SwanException or FileNotFoundException
        or DirectoryNotFoundException or UnauthorizedAccessException or InvalidOperationException;

    private void ThrowIfUnwritable(DataViewSchema schema)
    {
        foreach (string name in Columns)
        {
            if (schema.GetColumnOrNull(name) is not { } column)
            {
                throw new SwanBatchException(
                    $"{nameof(BatchSteps)}.{nameof(BatchSteps.Columns)} has '{name}', which the pipeline doesn't return. It returns: "
                    + $"{string.Join(", ", schema.Where(c => !c.IsHidden).Select(c => c.Name))}.");
            }
            if (OutputColumn.Create(column, Precision) is null)
            {
                throw new SwanBatchException(
                    $"The column '{name}' is {column.Type}, which a file of rows can't hold. Expected text, Boolean, Int32, Int64, Single, "
                    + "Double or Vector<Single> of a fixed size; MapKeyToValue turns a key into its text.");
            }
        }
    }
}
