namespace Swan.MLNet.Transforms;

/// <summary>A machine's settings for the SWAN steps of a pipeline that it loads.</summary>
/// <remarks>
/// Null keeps the saved value. For <c>mlContext.Swan().LoadPipeline</c>. If other code loads the pipeline (<c>mlContext.Model.Load</c>, a
/// prediction engine pool), the environment variables <c>SWAN_DEVICE</c> (<c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>),
/// <c>SWAN_THREADS</c> and <c>SWAN_BATCH_SIZE</c> do the same; an option given here takes precedence. Saving the loaded pipeline again
/// writes the originally saved values, not this machine's.
/// </remarks>
public sealed record SwanLoadOptions
{
    /// <summary>Whether the pipeline is loaded to serve only: then it keeps no bytes of its model, and can't be saved.</summary>
    internal bool ServesOnly { get; init; }

    /// <summary>The device of encoders.</summary>
    public SwanDevice? Device { get; init; }

    /// <summary>Processors that encoder runs take at a time; 0: all that this process may use.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether one run at a time takes all of them, spinning; see <see cref="Models.SwanModelOptions.AllowSpinning"/>.</summary>
    public bool? AllowSpinning { get; init; }

    /// <summary>Rows computed together, 1 to 4096.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The folder that relative image paths start from: another machine has its images elsewhere.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>The folder of the living index that the pipeline's search refers to: another machine has it elsewhere.</summary>
    /// <remarks>For a pipeline that refers to one folder; those that refer to several need <see cref="IndexFolders"/>.</remarks>
    public string? IndexFolder { get; init; }

    /// <summary>The folders of living indexes by their saved folders, each of which the pipeline must refer to.</summary>
    /// <remarks>Default null. A folder not named here is <see cref="IndexFolder"/>, or stays as saved.</remarks>
    public IReadOnlyDictionary<string, string>? IndexFolders { get; init; }

    /// <summary>The most bytes that the file's entries may inflate to, from 1.</summary>
    /// <remarks>Default null: 100 times the file's length, at least 64 MiB.</remarks>
    public long? MaxInflatedBytes { get; init; }

    /// <summary>Whether paths must not lead out of the image folder: <see cref="SwanEmbeddingOptions.RestrictToImageFolder"/>.</summary>
    public bool? RestrictToImageFolder { get; init; }

    /// <summary>The most pixels that an encoded image may have: <see cref="SwanEmbeddingOptions.MaxPixels"/>.</summary>
    public long? MaxPixels { get; init; }

    /// <summary>The most bytes that an encoded image may have: <see cref="SwanEmbeddingOptions.MaxBytes"/>.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Cancels running passes, as <see cref="SwanEmbeddingOptions.CancellationToken"/> does (default none).</summary>
    public CancellationToken CancellationToken { get; init; }
}
