namespace Swan.MLNet.Scheduling;

/// <summary>How much of this machine Swan uses at a time, in the whole process.</summary>
/// <remarks>
/// All pipelines, models, generators and cursors of the process share these limits, however many there are. The first use of a property
/// takes its value from an environment variable, which has the property's name; setting it goes before that. A change takes effect with
/// the next request; what has begun goes on. Safe for concurrent use.
/// </remarks>
/// <exception cref="SwanOptionsException">An environment variable can't be understood; any property throws it.</exception>
public static class SwanResources
{
    /// <summary>Images decoded and resized at a time, 1 to 4096.</summary>
    /// <value>Default: the processors that this process may use. <c>SWAN_MAX_DECODES</c>.</value>
    /// <remarks>A callback that gives images, such as that of <c>SwanModel.EmbedImages</c>, is no decode, but what it decodes is. One call
    /// runs at most this many callbacks at a time.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public static int MaxDecodes
    {
        get => WorkFrame.Process.MaxDecodes;
        set => WorkFrame.Process.MaxDecodes = (int)ResourceLimit.Decodes.Checked(value);
    }

    /// <summary>Image files read at a time, 1 to 4096.</summary>
    /// <value>Default: four times the processors that this process may use, at least 16. <c>SWAN_MAX_READS</c>.</value>
    /// <remarks>Reading waits for disks and networks, not for processors, so that more reads than decodes keep slow storage busy. At most
    /// this many images of a batch are read ahead, files or streams. A caller's streams, which may wait for others that read, count only
    /// there.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public static int MaxReads
    {
        get => (int)WorkFrame.Process.Reads.Limit;
        set => WorkFrame.Process.Reads.Limit = ResourceLimit.Reads.Checked(value);
    }

    /// <summary>Threads of encoder runs at a time, 1 to 4096.</summary>
    /// <value>Default: the processors that this process may use. <c>SWAN_ENCODER_THREADS</c>.</value>
    /// <remarks>
    /// A run has one thread, and as many runs as this go on at once, whichever models' they are. Decoding shares the same processors:
    /// decodes, encoder threads and threads that search together are as many at a time as the larger of <see cref="MaxDecodes"/> and this;
    /// only a run of one image or one query, and a search for one query, don't wait for others. On the processor only; a GPU's runs are not
    /// counted. A model's own <c>Threads</c> option can lower it for that model. A model that is open makes no more runs at once than it
    /// was opened for.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public static int EncoderThreads
    {
        get => WorkFrame.Process.EncoderThreads;
        set => WorkFrame.Process.EncoderThreads = (int)ResourceLimit.EncoderThreads.Checked(value);
    }

    /// <summary>Bytes that the runs of one encoder may take beside its weights, 16 MiB to 4 GiB less one byte.</summary>
    /// <value>Default: half of the memory that .NET says is available (a container's limit included), but 256 MiB to 2 GiB.
    /// <c>SWAN_MAX_ENCODER_BYTES</c>.</value>
    /// <remarks>
    /// For models and pipelines that are opened after the change; each has one encoder or two. A run that finds too little memory beside
    /// others runs alone, and its encoder makes fewer runs at once from then on. One that needs more even then throws
    /// <see cref="SwanFormatException"/>, as the run of a model file that was made to exhaust memory does. On a GPU it bounds what runs
    /// take of the processor's memory; the GPU's own memory has no limit but its size. Opening an encoder removes an arena for the
    /// processor that the application has registered with ONNX Runtime's environment (<c>OrtEnv.CreateAndRegisterAllocator</c>); sessions
    /// that are open keep theirs. A model opens its encoders at their first use: open it with <c>SwanTowers.AtOnce</c>, or with
    /// <c>WarmUp</c> in a host, and register the arena after that.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public static long MaxEncoderBytes
    {
        get => WorkFrame.Process.EncoderBytes;
        set => WorkFrame.Process.EncoderBytes = ResourceLimit.EncoderBytes.Checked(value);
    }

    /// <summary>Bytes that pictures in flight may take, 1 MiB to 1 PiB.</summary>
    /// <value>Default: a quarter of the memory that .NET says is available (a container's limit included), at least 64 MiB.
    /// <c>SWAN_MAX_PICTURE_BYTES</c>.</value>
    /// <remarks>
    /// A half is for decoding, charged before anything is allocated by what the header says; a quarter is for image files that were read
    /// and wait for it; a quarter is for the rows that cursors hold. An image whose decoding takes more than its half is decoded when no
    /// other is; one file at a time may exceed its quarter; a cursor takes one row in any case. Batches of resized images, encoders and
    /// images that a caller holds are not in it. Buffers that nobody uses are kept for later ones within it: an eighth at most, and no
    /// more than 256 MiB.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public static long MaxPictureBytes
    {
        get => WorkFrame.Process.PictureBytes;
        set => WorkFrame.Process.PictureBytes = ResourceLimit.PictureBytes.Checked(value);
    }
}
