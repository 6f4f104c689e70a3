using Swan.MLNet.Encoders;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Models;

/// <summary>
/// The encoders behind an estimator. Transformers fitted by it share one session, open from the first one's fit to the last one's disposal.
/// </summary>
/// <remarks>The model's file is open as long: a transformer may be saved, which reads it, after another file has taken its place.</remarks>
internal sealed class EncoderSource
{
    private readonly Func<SwanModel>? _model;
    private readonly SwanModelOptions _options = new();
    private readonly Lock _lock = new();
    private ImageEncoder? _images;
    private CaptionEncoder? _captions;
    private int _imageUsers;
    private int _captionUsers;

    /// <summary>Encoders of a model that the caller owns.</summary>
    public EncoderSource(SwanModel model) : this(model.File, () => model)
    {
    }

    /// <summary>Encoders that are opened when needed and closed when no longer used.</summary>
    public EncoderSource(SwanModelFile file, SwanModelOptions options)
    {
        File = file;
        _options = options;
    }

    private EncoderSource(SwanModelFile file, Func<SwanModel> model)
    {
        File = file;
        _model = model;
    }

    /// <summary>
    /// Encoders of the library's own model: those that the process shares, opened when first needed, unless another device or other threads
    /// are asked for.
    /// </summary>
    public static EncoderSource Default(SwanModelOptions options) =>
        options == new SwanModelOptions()
            ? new EncoderSource(SwanModelFile.Default, () => SwanModel.Default)
            : new EncoderSource(SwanModelFile.Default, options);

    /// <summary>What is saved with a pipeline.</summary>
    public SwanModelFile File { get; }

    /// <summary>Opens the image tower, or joins those who use it.</summary>
    public EncoderLease Images()
    {
        if (_model is not null) return new EncoderLease(File.Card, _model().ImageEncoder, null, static () => { });
        lock (_lock)
        {
            IDisposable kept = Kept(() => _images ??= ImageEncoder.Open(File, _options.Encoder));
            _imageUsers++;
            return new EncoderLease(File.Card, _images, null, () => LeaveImages(kept));
        }
    }

    /// <summary>Opens the text tower, or joins those who use it.</summary>
    public EncoderLease Captions()
    {
        if (_model is not null) return new EncoderLease(File.Card, null, _model().CaptionEncoder, static () => { });
        lock (_lock)
        {
            IDisposable kept = Kept(() => _captions ??= CaptionEncoder.Open(File, _options.Encoder));
            _captionUsers++;
            return new EncoderLease(File.Card, null, _captions, () => LeaveCaptions(kept));
        }
    }

    // The file, open from before the encoder is.
    private IDisposable Kept(Action open)
    {
        IDisposable kept = File.Keep();
        try
        {
            open();
            return kept;
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    private void LeaveImages(IDisposable kept)
    {
        kept.Dispose();
        lock (_lock)
        {
            if (--_imageUsers > 0) return;
            _images?.Dispose();
            _images = null;
        }
    }

    private void LeaveCaptions(IDisposable kept)
    {
        kept.Dispose();
        lock (_lock)
        {
            if (--_captionUsers > 0) return;
            _captions?.Dispose();
            _captions = null;
        }
    }
}
