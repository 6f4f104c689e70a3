namespace Swan.MLNet.Scheduling;

/// <summary>The concurrent work of a process: files being read, images being decoded, and the memory of pictures.</summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Permits</term><description>Who takes them, and whether they are waited for</description></listheader>
/// <item><term><see cref="Rows"/></term><description>Values that a cursor keeps while its reader does something else. Never waited for:
/// a window that gets none takes no more rows, and one row it takes in any case.</description></item>
/// <item><term><see cref="Files"/></term><description>Bytes of image files, until they are decoded. Never waited for: a file that gets
/// none waits for <see cref="Excess"/>.</description></item>
/// <item><term><see cref="Excess"/></term><description>One file beyond the bytes of <see cref="Files"/>.</description></item>
/// <item><term><see cref="Reads"/></term><description>A file that is read.</description></item>
/// <item><term><see cref="Decodes"/></term><description>An image that is decoded and resized.</description></item>
/// <item><term><see cref="Pixels"/></term><description>What decoding takes, known from the image's header.</description></item>
/// <item><term><see cref="Encoders"/></term><description>A thread of an encoder's run, which has a turn of its session
/// already.</description></item>
/// <item><term><see cref="Processors"/></term><description>A processor, while an image is decoded, an encoder runs or a gallery is
/// searched. Given back while its holder waits for <see cref="Pixels"/>, or for its encoder's memory. A run of one row and a search for
/// one query take one without waiting; threads that help with a search take those that are free.</description></item>
/// </list>
/// Order: Excess, Reads (returned before the next), Decodes, Pixels, Encoders, Processors. A holder of one waits only for later ones, and
/// is on a running thread. So every wait ends, however busy the thread pool is.
/// </remarks>
internal sealed class WorkFrame
{
    // A variable that can't be understood is named at each try, not hidden in a type that failed to initialize.
    private static readonly Lazy<WorkFrame> Shared = new(static () => new WorkFrame(), LazyThreadSafetyMode.PublicationOnly);
    private long _encoderBytes = ResourceLimit.EncoderBytes.FromEnvironment();
    private readonly Lock _settings = new();
    private long _pictureBytes;

    private WorkFrame()
    {
        LimitProcessors();
        PictureBytes = ResourceLimit.PictureBytes.FromEnvironment();
        Buffers = new BufferPool(RoomForBuffers);
    }

    /// <summary>The frame of this process.</summary>
    /// <exception cref="SwanOptionsException">An environment variable can't be understood.</exception>
    public static WorkFrame Process => Shared.Value;

    public Permits Rows { get; } = new(0);

    public Permits Files { get; } = new(0);

    public Permits Excess { get; } = new(1);

    public Permits Reads { get; } = new(ResourceLimit.Reads.FromEnvironment());

    public Permits Decodes { get; } = new(ResourceLimit.Decodes.FromEnvironment());

    public Permits Pixels { get; } = new(0);

    public Permits Encoders { get; } = new(ResourceLimit.EncoderThreads.FromEnvironment());

    /// <summary>As many as images are decoded or encoder threads run at a time, whichever is more.</summary>
    public Permits Processors { get; } = new(1);

    /// <summary>Buffers of files and pixels.</summary>
    public BufferPool Buffers { get; }

    /// <summary>The threads that read files ahead of decoding.</summary>
    public ReadingThreads ReadingThreads { get; } = new();

    /// <summary>How quickly files come.</summary>
    public StorageSpeed Storage { get; } = new();

    public int MaxDecodes
    {
        get => (int)Decodes.Limit;
        set
        {
            lock (_settings)
            {
                Decodes.Limit = value;
                LimitProcessors();
            }
        }
    }

    public int EncoderThreads
    {
        get => (int)Encoders.Limit;
        set
        {
            lock (_settings)
            {
                Encoders.Limit = value;
                LimitProcessors();
            }
        }
    }

    public long EncoderBytes
    {
        get => Interlocked.Read(ref _encoderBytes);
        set => Interlocked.Exchange(ref _encoderBytes, value);
    }

    /// <summary>All bytes together: a half for decoding, a quarter each for files and for the rows of cursors.</summary>
    public long PictureBytes
    {
        get => Interlocked.Read(ref _pictureBytes);
        set
        {
            Interlocked.Exchange(ref _pictureBytes, value);
            Rows.Limit = Files.Limit = value / 4;
            Pixels.Limit = value - value / 4 * 2;
            // The limit of kept buffers falls with it. The frame has no buffers yet when it is made.
            Buffers?.Trim();
        }
    }

    private void LimitProcessors() => Processors.Limit = Math.Max(Decodes.Limit, EncoderThreads);

    // Kept buffers take at most an eighth of all, and nothing if that is in use.
    private long RoomForBuffers() =>
        Math.Min(PictureBytes / 8, Files.Limit - Files.Taken + Pixels.Limit - Pixels.Taken);
}
