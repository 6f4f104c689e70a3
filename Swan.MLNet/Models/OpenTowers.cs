using Swan.MLNet.Encoders;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;

namespace Swan.MLNet.Models;

/// <summary>A model's encoders, each opened at its first use, and both on one device.</summary>
/// <remarks>Safe for concurrent use. If opening one fails, the next use tries again.</remarks>
internal sealed class OpenTowers(SwanModelFile file, EncoderOptions options) : IDisposable
{
    private readonly Lock _opening = new();
    private readonly Lock _loading = new();
    private ImageEncoder? _images;
    private CaptionEncoder? _captions;
    private ICaptionTokenizer? _tokenizer;
    private bool _disposed;

    /// <summary>The image tower; opened now if it isn't open.</summary>
    public ImageEncoder Images => Volatile.Read(ref _images) ?? OpenImages();

    /// <summary>The text tower; opened now if it isn't open.</summary>
    public CaptionEncoder Captions => Volatile.Read(ref _captions) ?? OpenCaptions();

    /// <summary>Whether <see cref="Captions"/> opens nothing.</summary>
    public bool HasCaptions => Volatile.Read(ref _captions) is not null;

    /// <summary>The text tower's tokenizer, for which the tower need not be open.</summary>
    public ICaptionTokenizer Tokenizer
    {
        get
        {
            if (Volatile.Read(ref _tokenizer) is { } loaded) return loaded;
            lock (_loading) return _tokenizer ??= CaptionEncoder.LoadTokenizer(file);
        }
    }

    /// <summary>Where they run and why, in one line. Opens a tower where nothing else can tell.</summary>
    public string DeviceReport =>
        Device?.Report ?? EncoderDevice.WithoutOpening(options)?.Report ?? Images.DeviceReport;

    // What 'auto' took for the first tower holds for the second.
    private EncoderDevice? Device => Volatile.Read(ref _images)?.Session.Device ?? Volatile.Read(ref _captions)?.Session.Device;

    private EncoderOptions Options => Device is { } taken ? options with { Device = taken.Device } : options;

    /// <summary>Opens what was asked for, and a tower where only that tells whether the device is there.</summary>
    public void Open(SwanTowers towers)
    {
        if (towers == SwanTowers.AtOnce || EncoderDevice.WithoutOpening(options) is null) _ = Images;
        if (towers == SwanTowers.AtOnce) _ = Captions;
    }

    /// <summary>Closes those that are open; runs that have begun finish. None is opened from then on.</summary>
    public void Dispose()
    {
        lock (_opening)
        {
            _disposed = true;
            _images?.Dispose();
            _captions?.Dispose();
        }
    }

    private ImageEncoder OpenImages()
    {
        lock (_opening)
        {
            if (_images is not null) return _images;
            ThrowIfDisposed();
            ImageEncoder opened = ImageEncoder.Open(file, Options);
            Volatile.Write(ref _images, opened);
            OpeningMemory.GiveBack();
            return opened;
        }
    }

    private CaptionEncoder OpenCaptions()
    {
        lock (_opening)
        {
            if (_captions is not null) return _captions;
            ThrowIfDisposed();
            CaptionEncoder opened = CaptionEncoder.Open(file, Options, () => Tokenizer);
            Volatile.Write(ref _captions, opened);
            OpeningMemory.GiveBack();
            return opened;
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, typeof(SwanModel));
}
