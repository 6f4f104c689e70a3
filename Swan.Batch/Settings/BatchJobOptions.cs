using Swan.Batch.Sources;
using Swan.Batch.Stores;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;

namespace Swan.Batch;

/// <summary>The images, the output and the settings of a batch job.</summary>
public sealed class BatchJobOptions
{
    internal const int MostShards = 99_999, MostRowsPerShard = 100_000;

    /// <summary>The <c>.swan</c> file.</summary>
    /// <remarks>Default null: <see cref="SwanModel.Default"/>, the model inside Swan.MLNet.</remarks>
    public string? Model { get; set; }

    /// <summary>A folder of images to embed, including its subfolders.</summary>
    /// <remarks>Default null; one of this, <see cref="List"/> and <see cref="Source"/> must be given.</remarks>
    public string? Images { get; set; }

    /// <summary>A UTF-8 file with one image path per line, or one address with <see cref="Addresses"/>; blank lines are ignored.</summary>
    /// <remarks>Default null.</remarks>
    public string? List { get; set; }

    /// <summary>With <see cref="List"/>: the folder that relative paths start from.</summary>
    /// <remarks>Default null: the current folder.</remarks>
    public string? Root { get; set; }

    /// <summary>With <see cref="Root"/>: whether paths of the list must not lead out of it.</summary>
    /// <remarks>
    /// Default true: absolute paths, paths with <c>..</c> and links that lead out are bad rows, and such files are not opened. A list
    /// without a root may name any file. It may change when a job continues.
    /// </remarks>
    public bool RestrictToRoot { get; set; } = true;

    /// <summary>With <see cref="List"/>: opens lines that are addresses; not disposed.</summary>
    /// <remarks>Default null: all lines are paths. <c>ObjectStores.OpenAddresses</c> of Swan.ObjectStores makes one.</remarks>
    public ObjectStore? Addresses { get; set; }

    /// <summary>Images from elsewhere, such as the objects of a bucket; not disposed.</summary>
    /// <remarks>Default null.</remarks>
    public ImageSource? Source { get; set; }

    /// <summary>The folder of the results; created if it doesn't exist.</summary>
    /// <remarks>This or <see cref="Store"/> must be given.</remarks>
    public string Output { get; set; } = "";

    /// <summary>Where the results go instead of a folder, such as a bucket; not disposed.</summary>
    /// <remarks>Default null.</remarks>
    public ObjectStore? Store { get; set; }

    /// <summary>Rows per shard, 1 to 100,000; a killed process loses at most one shard.</summary>
    /// <remarks>Default 10,000. Ignored if <see cref="Shards"/> is given.</remarks>
    public int RowsPerShard { get; set; } = 10_000;

    /// <summary>Number of shards of a run, 1 to 99,999, each of at most 100,000 rows.</summary>
    /// <remarks>Default null: determined by <see cref="RowsPerShard"/>. Use many more shards than workers, so none waits long.</remarks>
    public int? Shards { get; set; }

    /// <summary>Whether images with an unchanged stamp are read, to compare their content.</summary>
    /// <remarks>Default false. Reads all images.</remarks>
    public bool Verify { get; set; }

    /// <summary>Whether a source without images is accepted: all earlier images then count as gone.</summary>
    /// <remarks>Default false: it is an error, because a disk that is not mounted looks the same.</remarks>
    public bool AllowEmpty { get; set; }

    /// <summary>Whether planning a run abandons one that has not ended.</summary>
    /// <remarks>Default false. The embeddings of its shards are lost; attempts that are still running change nothing.</remarks>
    public bool Supersede { get; set; }

    /// <summary>Number of images to estimate a plan's time and bytes from, 0 to 10,000; at most a tenth, and one of each size.</summary>
    /// <remarks>Default 0: no estimate. It takes as long as these images take, and not much more than a minute.</remarks>
    public int SampleSize { get; set; }

    /// <summary>Concurrent reads of images, 1 to 256.</summary>
    /// <remarks>Default 0: <see cref="SwanResources.MaxReads"/>. More reads hide the latency of a remote store.</remarks>
    public int MaxReads { get; set; }

    /// <summary>Images per batch, 1 to 4096; on a GPU, a batch is one encoder run.</summary>
    /// <remarks>Default 32. Larger batches need more memory.</remarks>
    public int BatchSize { get; set; } = 32;

    /// <summary>How many rotations of an image are averaged into its embedding: 1, 2 or 4.</summary>
    /// <remarks>Default 1. Each rotation costs an encoder run.</remarks>
    public int Rotations { get; set; } = 1;

    /// <summary>Precision of the column <c>embedding</c> in the files; other vectors of <see cref="Steps"/> are always float32.</summary>
    /// <remarks>
    /// Default <see cref="BatchPrecision.Single"/>. <see cref="Steps"/> get the values that are written. A job keeps its precision.
    /// </remarks>
    public BatchPrecision Precision { get; set; }

    /// <summary>Samples of more than 8 bits that become black and white; overrides the files and the model.</summary>
    /// <remarks>Default null: see <see cref="ImageDecodingOptions.Range"/>. A job keeps its range.</remarks>
    public SampleRange? Range { get; set; }

    /// <summary>Bands of TIFFs to read, from 1: three for red, green and blue, or one for gray.</summary>
    /// <remarks>Default null: see <see cref="ImageDecodingOptions.Bands"/>. A job keeps its bands.</remarks>
    public IReadOnlyList<int>? Bands { get; set; }

    /// <summary>The sample value of TIFFs that means no data; a number or NaN.</summary>
    /// <remarks>Default null: the files' own.</remarks>
    public double? NoData { get; set; }

    /// <summary>Minimum share of a TIFF's pixels that have data, 0 to 1; an image with less is a bad row.</summary>
    /// <remarks>Default 0.1.</remarks>
    public double MinValidShare { get; set; } = new ImageDecodingOptions().MinValidShare;

    /// <summary>Maximum number of pixels of an image, 1 to <see cref="ImageDecodingOptions.MaxAllowedPixels"/>.</summary>
    /// <remarks>Default 100 million. An image with more is a bad row. It may change from run to run.</remarks>
    public long MaxPixels { get; set; } = new ImageDecodingOptions().MaxPixels;

    /// <summary>Maximum size of an image file in bytes, 1 to <see cref="ImageDecodingOptions.MaxAllowedBytes"/>.</summary>
    /// <remarks>Default 512 MiB. A file with more is a bad row. It may change from run to run.</remarks>
    public long MaxBytes { get; set; } = new ImageDecodingOptions().MaxBytes;

    /// <summary>Where the encoder runs.</summary>
    /// <remarks>Default <see cref="SwanDevice.Auto"/>: a GPU if one works.</remarks>
    public SwanDevice Device { get; set; } = SwanDevice.Auto;

    /// <summary>Processors that encoder runs take at a time, 0 to 1024.</summary>
    /// <remarks>Default 0: one per processor that this process may use.</remarks>
    public int Threads { get; set; }

    /// <summary>The share of bad rows, 0 to 1, above which the shard counts as failed.</summary>
    /// <remarks>
    /// Default 0.01. A shard of several rows, all of them bad, counts as failed at any share. Shards of a planned run keep the share
    /// that it was planned with.
    /// </remarks>
    public double MaxBadShare { get; set; } = 0.01;

    /// <summary>Whether images that could not be embedded are retried although they are unchanged, for example after a repair.</summary>
    /// <remarks>Default false.</remarks>
    public bool RetryBadRows { get; set; }

    /// <summary>Steps after the embedding, and the columns to write.</summary>
    /// <remarks>Default null: the embedding alone.</remarks>
    public BatchSteps? Steps { get; set; }

    /// <summary>What opens <see cref="Source"/> again, where a plan says it.</summary>
    internal SourceSettings? SourceSettings { get; set; }

    /// <summary>How bytes become pixels, and what is refused.</summary>
    internal ImageDecodingOptions Decoding => new()
    {
        MaxPixels = MaxPixels,
        MaxBytes = MaxBytes,
        Range = Range,
        Bands = Bands,
        NoData = NoData,
        MinValidShare = MinValidShare,
    };

    internal int Reads => MaxReads > 0 ? MaxReads : SwanResources.MaxReads;

    /// <summary>Bytes that may be read ahead.</summary>
    internal long ReadBytes => Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16, 16L << 20, 256L << 20);

    internal ImageSource OpenSource() => Source
        ?? (Images is { } images ? new FolderSource(images) : new ListSource(List!, Root, RestrictToRoot, Addresses));

    internal ObjectStore OpenStore() => Store ?? new FolderStore(Output);

    internal BatchJobOptions Copy()
    {
        var copy = (BatchJobOptions)MemberwiseClone();
        copy.Steps = Steps?.Copy();
        copy.Bands = Bands is null ? null : [.. Bands];
        return copy;
    }

    /// <summary>Reports all that is wrong at once.</summary>
    /// <exception cref="SwanOptionsException">Options are missing or out of range; all are named.</exception>
    internal void Check()
    {
        var faults = new List<string>();
        int given = (Images is null ? 0 : 1) + (List is null ? 0 : 1) + (Source is null ? 0 : 1);
        if (given != 1)
            faults.Add($"{nameof(Images)}, {nameof(List)} and {nameof(Source)}: {given} of them are given; expected one");
        if (List is null && Root is not null)
            faults.Add($"{nameof(Root)} is '{Root}', but without {nameof(List)} no paths start from it; expected null");
        if (List is null && Addresses is not null)
            faults.Add($"{nameof(Addresses)} is given, but without {nameof(List)} there are no lines for it to open; expected null");
        if (string.IsNullOrWhiteSpace(Output) == Store is null)
            faults.Add($"{nameof(Output)} and {nameof(Store)} are both {(Store is null ? "missing" : "given")}; expected one of them");
        if (Model is not null && string.IsNullOrWhiteSpace(Model))
            faults.Add($"{nameof(Model)} is empty; expected a .swan file, or null for the model inside the library");
        foreach ((string name, string? path) in (ReadOnlySpan<(string, string?)>)
            [(nameof(Images), Images), (nameof(List), List), (nameof(Root), Root)])
        {
            if (path is not null && string.IsNullOrWhiteSpace(path)) faults.Add($"{name} is empty; expected a path, or null");
        }

        if (RowsPerShard is < 1 or > 100_000) faults.Add($"{nameof(RowsPerShard)} is {RowsPerShard}; expected 1 to 100000");
        if (Shards is < 1 or > 99_999) faults.Add($"{nameof(Shards)} is {Shards}; expected 1 to 99999, or null");
        if (SampleSize is < 0 or > 10_000) faults.Add($"{nameof(SampleSize)} is {SampleSize}; expected 0 to 10000");
        if (MaxReads is < 0 or > 256) faults.Add($"{nameof(MaxReads)} is {MaxReads}; expected 1 to 256, or 0 for the process's own");
        if (BatchSize is < 1 or > 4096) faults.Add($"{nameof(BatchSize)} is {BatchSize}; expected 1 to 4096");
        if (Rotations is not (1 or 2 or 4)) faults.Add($"{nameof(Rotations)} is {Rotations}; expected 1, 2 or 4");
        if (!Enum.IsDefined(Precision))
            faults.Add($"{nameof(Precision)} is {Precision}; expected {nameof(BatchPrecision.Single)} or {nameof(BatchPrecision.Half)}");
        if (MaxPixels is < 1 or > ImageDecodingOptions.MaxAllowedPixels)
            faults.Add($"{nameof(MaxPixels)} is {MaxPixels}; expected 1 to {ImageDecodingOptions.MaxAllowedPixels}");
        if (MaxBytes < 1 || MaxBytes > ImageDecodingOptions.MaxAllowedBytes)
            faults.Add($"{nameof(MaxBytes)} is {MaxBytes}; expected 1 to {ImageDecodingOptions.MaxAllowedBytes}");
        if (Threads is < 0 or > 1024) faults.Add($"{nameof(Threads)} is {Threads}; expected 0 (one per processor) to 1024");
        faults.AddRange(ImageDecodingOptions.Faults(Bands, NoData, MinValidShare));
        if (MaxBadShare is not (>= 0 and <= 1))
            faults.Add(FormattableString.Invariant($"{nameof(MaxBadShare)} is {MaxBadShare}; expected 0 to 1"));
        if (Steps is not null) faults.AddRange(Steps.Faults());
        if (faults.Count == 0) return;
        throw new SwanOptionsException($"The options of the batch job are not valid: {string.Join("; ", faults)}.");
    }
}
