namespace Swan.MLNet.Scheduling;

/// <summary>Swan's limits on machine resources, for the whole process.</summary>
/// <remarks>
/// All pipelines, models, generators and cursors of the process share these limits. The first use of a property reads its value from an
/// environment variable of the same name; setting the property takes precedence. A change takes effect with the next request; started work
/// continues. Safe for concurrent use.
/// </remarks>
/// <exception cref="SwanOptionsException">An environment variable is invalid; any property throws this.</exception>
public static class SwanResources
{
    /// <summary>The maximum number of images decoded and resized at a time, 1 to 4096.</summary>
    /// <value>Default: the processors that this process may use. <c>SWAN_MAX_DECODES</c>.</value>
    /// <remarks>A callback that supplies images, such as that of <c>SwanModel.EmbedImages</c>, does not count, but the images it decodes
    /// do. One call runs at most this many callbacks at a time.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public static int MaxDecodes
    {
        get => WorkFrame.Process.MaxDecodes;
        set => WorkFrame.Process.MaxDecodes = (int)ResourceLimit.Decodes.Checked(value);
    }

    /// <summary>The maximum number of image files read at a time, 1 to 4096.</summary>
    /// <value>Default: four times the processors that this process may use, at least 16. <c>SWAN_MAX_READS</c>.</value>
    /// <remarks>Reading waits for disks and networks, not for processors, so more reads than decodes keep slow storage busy. At most this
    /// many images of a batch are read ahead, files or streams. A caller's streams, which may wait for other readers, count only in that
    /// limit.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public static int MaxReads
    {
        get => (int)WorkFrame.Process.Reads.Limit;
        set => WorkFrame.Process.Reads.Limit = ResourceLimit.Reads.Checked(value);
    }

    /// <summary>The maximum number of encoder threads at a time, 1 to 4096.</summary>
    /// <value>Default: the processors that this process may use. <c>SWAN_ENCODER_THREADS</c>.</value>
    /// <remarks>
    /// A run has one thread, and all models together have at most this many runs at once. Decoding shares the same processors: decodes,
    /// encoder threads and search threads together number at most the larger of <see cref="MaxDecodes"/> and this value. Only a run of one
    /// image or one query, and a search for one query, don't wait for others. Runs on a GPU don't count. A model's own <c>Threads</c>
    /// option can lower the limit for that model. An open model never makes more runs at once than it was opened for.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public static int EncoderThreads
    {
        get => WorkFrame.Process.EncoderThreads;
        set => WorkFrame.Process.EncoderThreads = (int)ResourceLimit.EncoderThreads.Checked(value);
    }

    /// <summary>The maximum bytes for the runs of one encoder beside its weights, 16 MiB to 4 GiB less one byte.</summary>
    /// <value>Default: half of the memory available according to .NET (a container's limit included), but 256 MiB to 2 GiB.
    /// <c>SWAN_MAX_ENCODER_BYTES</c>.</value>
    /// <remarks>
    /// Applies to models and pipelines opened after the change; each has one encoder or two. A run that lacks memory beside others runs
    /// alone, and its encoder makes fewer runs at once from then on. A run that needs more even alone throws
    /// <see cref="SwanFormatException"/>, as with a model file made to exhaust memory. On a GPU, the value limits the host memory of runs;
    /// only its size limits the GPU's own memory. Opening an encoder removes a CPU arena that the application has registered with ONNX
    /// Runtime's environment (<c>OrtEnv.CreateAndRegisterAllocator</c>); open sessions keep theirs. A model opens its encoders at their
    /// first use. Open it with <c>SwanTowers.AtOnce</c>, or with <c>WarmUp</c> in a host, and register the arena after that.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public static long MaxEncoderBytes
    {
        get => WorkFrame.Process.EncoderBytes;
        set => WorkFrame.Process.EncoderBytes = ResourceLimit.EncoderBytes.Checked(value);
    }

    /// <summary>The maximum bytes for pictures in flight, 1 MiB to 1 PiB.</summary>
    /// <value>Default: a quarter of the memory available according to .NET (a container's limit included), at least 64 MiB.
    /// <c>SWAN_MAX_PICTURE_BYTES</c>.</value>
    /// <remarks>
    /// Half is for decoding, charged by the image's header before any allocation. A quarter is for image files that wait for decoding, and
    /// a quarter for the rows of cursors. An image that needs more than that half is decoded alone; one file at a time may exceed its
    /// quarter; a cursor always takes one row. The limit does not cover batches of resized images, encoders, and images held by a caller.
    /// It includes unused buffers kept for reuse: at most an eighth, and no more than 256 MiB.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public static long MaxPictureBytes
    {
        get => WorkFrame.Process.PictureBytes;
        set => WorkFrame.Process.PictureBytes = ResourceLimit.PictureBytes.Checked(value);
    }
}
