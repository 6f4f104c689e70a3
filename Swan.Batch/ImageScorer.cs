using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.Batch.Inputs;
using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Transforms;

namespace Swan.Batch;

/// <summary>The ML.NET pipeline: paths in, embeddings or reasons out. This is the part to change for another pipeline.</summary>
internal sealed class ImageScorer : IDisposable
{
    private readonly MLContext _ml = new();
    private readonly TransformerChain<SwanEmbeddingTransformer> _pipeline;

    /// <summary>Opens the model.</summary>
    /// <exception cref="UnusableException">The model or the device can't be used.</exception>
    public ImageScorer(ScoringRequest ask, CancellationToken cancellation)
    {
        try
        {
            var options = new SwanEmbeddingOptions
            {
                ImageFolder = ask.Root,
                OnError = SwanOnError.Missing,
                ErrorColumn = nameof(ScoredRow.Error),
                Rotations = ask.Rotations,
                BatchSize = ask.Batch,
                Device = ask.Device,
                Threads = ask.Threads,
                CancellationToken = cancellation,
            };
            _pipeline = new EstimatorChain<ITransformer>()
                .Append(_ml.Transforms.SwanEmbedding(nameof(ScoredRow.Embedding), nameof(ImageRow.Image), ask.Model, options))
                .Fit(_ml.Data.LoadFromEnumerable(Array.Empty<ImageRow>()));
        }
        catch (Exception e) when (e is SwanException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new UnusableException(e.Message, e);
        }
    }

    public ModelCard Card => _pipeline.LastTransformer.Card;

    public string Device => _pipeline.LastTransformer.DeviceReport;

    /// <summary>Embeds rows, in order and as they are asked for. One object is reused for all.</summary>
    /// <remarks>Each call is a pass of its own with the same batches, so that a chunk made again has the same vectors to the bit.</remarks>
    public IEnumerable<ScoredRow> Score(ImageRow[] rows) =>
        _ml.Data.CreateEnumerable<ScoredRow>(_pipeline.Transform(_ml.Data.LoadFromEnumerable(rows)), reuseRowObject: true);

    public void Dispose() => _pipeline.Dispose();
}
