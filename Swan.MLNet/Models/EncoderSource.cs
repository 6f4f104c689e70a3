using Swan.MLNet.Encoders;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Models;

/// <summary>
/// The encoders of an estimator. Its transformers share one session, open from the first one's fit to the last one's disposal.
/// </summary>
/// <remarks>The model's file stays open as long, because saving a transformer reads it, even after another file has taken its
/// place.</remarks>
internal sealed class EncoderSource
{
    private readonly Func<SwanModel>? _model;
    private readonly Joined<ImageEncoder> _images;
    private readonly Joined<CaptionEncoder> _captions;

    /// <summary>Encoders of a model that the caller owns.</summary>
    public EncoderSource(SwanModel model) : this(model.File, () => model)
    {
    }

    /// <summary>Encoders that are opened when needed and closed when no longer used.</summary>
    public EncoderSource(SwanModelFile file, SwanModelOptions options)
    {
        File = file;
        _images = new(file, () => ImageEncoder.Open(file, options.Encoder));
        _captions = new(file, () => CaptionEncoder.Open(file, options.Encoder));
    }

    private EncoderSource(SwanModelFile file, Func<SwanModel> model) : this(file, new SwanModelOptions()) => _model = model;

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
        (ImageEncoder images, Action leave) = _images.Join();
        return new EncoderLease(File.Card, images, null, leave);
    }

    /// <summary>Opens the text tower, or joins those who use it.</summary>
    public EncoderLease Captions()
    {
        if (_model is not null) return new EncoderLease(File.Card, null, _model().CaptionEncoder, static () => { });
        (CaptionEncoder captions, Action leave) = _captions.Join();
        return new EncoderLease(File.Card, null, captions, leave);
    }

    /// <summary>An encoder that is open from when the first joins to when the last leaves, and the model's file with it.</summary>
    private sealed class Joined<T>(SwanModelFile file, Func<T> open) where T : class, IDisposable
    {
        private readonly Lock _lock = new();
        private T? _encoder;
        private int _users;

        public (T Encoder, Action Leave) Join()
        {
            lock (_lock)
            {
                // From before the encoder is opened.
                IDisposable kept = file.Keep();
                try
                {
                    _encoder ??= open();
                }
                catch
                {
                    kept.Dispose();
                    throw;
                }
                _users++;
                return (_encoder, () => Leave(kept));
            }
        }

        private void Leave(IDisposable kept)
        {
            kept.Dispose();
            lock (_lock)
            {
                if (--_users > 0) return;
                _encoder?.Dispose();
                _encoder = null;
            }
        }
    }
}
