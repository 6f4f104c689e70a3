using Swan.MLNet.Encoders;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;

namespace Swan.MLNet.Models;

/// <summary>A model's encoders, each opened at its first use, and both on one device.</summary>
/// <remarks>Safe for concurrent use. <see cref="FirstUse{T}"/> describes the handling of an encoder that can't be opened.</remarks>
internal sealed class OpenTowers : IDisposable
{
    private readonly EncoderOptions _options;
    private readonly IDisposable _kept;
    private readonly Lock _opening = new();
    private readonly FirstUse<ImageEncoder> _images;
    private readonly FirstUse<CaptionEncoder> _captions;
    private readonly FirstUse<ICaptionTokenizer> _tokenizer;
    private EncoderDevice? _device;
    private volatile bool _disposed;

    /// <param name="file">The model.</param>
    /// <param name="options">Device and threads asked for.</param>
    /// <param name="kept">What keeps the model's file open; disposed with the encoders.</param>
    public OpenTowers(SwanModelFile file, EncoderOptions options, IDisposable kept)
    {
        (_options, _kept) = (options, kept);
        _tokenizer = new(new Lock(), () => Opened(() => CaptionEncoder.LoadTokenizer(file)));
        _images = new(_opening, () => OnOneDevice(taken => ImageEncoder.Open(file, taken), static tower => tower.Session.Device));
        _captions = new(_opening, () => OnOneDevice(
            taken => CaptionEncoder.Open(file, taken, () => Tokenizer), static tower => tower.Session.Device));
    }

    /// <summary>The image tower; opened now if it isn't open.</summary>
    public ImageEncoder Images => _images.Value;

    /// <summary>The text tower; opened now if it isn't open.</summary>
    public CaptionEncoder Captions => _captions.Value;

    /// <summary>Whether <see cref="Captions"/> opens nothing.</summary>
    public bool HasCaptions => _captions.Made is not null;

    /// <summary>The text tower's tokenizer, for which the tower need not be open.</summary>
    public ICaptionTokenizer Tokenizer => _tokenizer.Value;

    /// <summary>Their device and the reason, in one line, as found when the model was opened.</summary>
    public string DeviceReport => Volatile.Read(ref _device)!.Report;

    /// <summary>Opens the requested towers, or one tower if only opening it can test the device.</summary>
    /// <remarks>Before any other use; again for the towers that are not open.</remarks>
    public void Open(SwanTowers towers)
    {
        if (Volatile.Read(ref _device) is null)
        {
            if (EncoderDevice.WithoutOpening(_options) is { } sure) Volatile.Write(ref _device, sure);
            else _ = Images;
        }
        if (towers != SwanTowers.AtOnce) return;
        _ = Images;
        _ = Captions;
    }

    /// <summary>Closes the open towers after their running work, and opens none from then on.</summary>
    public void Dispose()
    {
        lock (_opening)
        {
            if (_disposed) return;
            _disposed = true;
            _images.Made?.Dispose();
            _captions.Made?.Dispose();
        }
        _kept.Dispose();
    }

    // Under the lock of both towers. What was taken for the first holds for the second, and so does the reason.
    private T OnOneDevice<T>(Func<EncoderOptions, T> open, Func<T, EncoderDevice> deviceOf) where T : class
    {
        T tower = Opened(() => open(_device is { } taken ? taken.Again(_options) : _options));
        _device ??= deviceOf(tower);
        return tower;
    }

    private T Opened<T>(Func<T> open)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(SwanModel));
        return open();
    }
}
