using Swan.MLNet.Encoders;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Models;

/// <summary>One transformer's use of an encoder. Disposing it twice does nothing the second time.</summary>
internal sealed class EncoderLease(ModelCard model, ImageEncoder? images, CaptionEncoder? captions, Action leave) : IDisposable
{
    /// <summary>The reason for a closed pipeline step, and the remedy.</summary>
    public const string WhyClosed =
        "Disposing a prediction engine closes its whole pipeline, unless it is made with "
        + "new PredictionEngineOptions { OwnsTransformer = false }; so does disposing the pipeline. "
        + "Dispose them after the last row, or fit or load the pipeline again.";

    private Action? _leave = leave;

    public ModelCard Model => model;

    public ImageEncoder Images => Open(images);

    public CaptionEncoder Captions => Open(captions);

    public string DeviceReport => images?.DeviceReport ?? captions!.DeviceReport;

    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();

    private T Open<T>(T? encoder) where T : class
    {
        if (_leave is null)
        {
            // The transformer is what was disposed; its type belongs to a layer above.
            throw new ObjectDisposedException(
                "Swan.MLNet.Transforms.SwanEmbeddingTransformer", $"This SWAN embedding is closed. {WhyClosed}");
        }
        return encoder ?? throw new InvalidOperationException("This pipeline holds the other encoder.");
    }
}
