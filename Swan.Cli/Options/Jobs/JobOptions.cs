using System.CommandLine;
using Swan.Batch;
using Swan.Batch.Sources;
using Swan.Batch.Stores;
using Swan.MLNet.Imaging;
using Swan.ObjectStores;

namespace Swan.Cli.Options;

/// <summary>What a batch job embeds and how: the options of the commands that plan one.</summary>
internal sealed class JobOptions
{
    private readonly Option<string?> _model = SharedOptions.OptionalModel();

    private readonly JobSourceOptions _source = new();

    private readonly Option<string> _output =
        new("--out")
        {
            Description = "Folder or address of the results.", HelpName = "folder|address", Required = true,
        };

    private readonly Option<int> _rowsPerShard = new NumberOption<int>("--rows-per-shard")
    {
        Description = "Images per shard, 1 to 100000. A killed process loses at most one shard.", HelpName = "n",
        DefaultValueFactory = _ => 10_000,
    }.Within(1, 100_000);

    private readonly Option<int?> _shards = new OptionalNumberOption<int>("--shards")
    {
        Description = "Number of shards, instead of --rows-per-shard. Use many more shards than workers.", HelpName = "n",
        Fault = n => n is >= 1 and <= BatchJobOptions.MostShards ? null : $"expected 1 to {BatchJobOptions.MostShards}",
    };

    private readonly Option<int> _rotations = SharedOptions.Rotations();

    private readonly Option<bool> _float16 = new("--float16")
    {
        Description = "Write embeddings as float16: half the bytes, and cosines that are off by less than 0.0005.",
    };

    private readonly Option<double> _maxBad = new NumberOption<double>("--max-bad")
    {
        Description = "Share of bad rows above which the exit code is 3, 0 to 1.", HelpName = "n", DefaultValueFactory = _ => 0.01,
        Fault = share => share is >= 0 and <= 1 ? null : "expected 0 to 1",
    };

    private readonly Option<long> _maxPixels = new NumberOption<long>("--max-pixels")
    {
        Description = "Maximum number of pixels. A larger image is a bad row.", HelpName = "n",
        DefaultValueFactory = _ => new ImageDecodingOptions().MaxPixels,
        Fault = n => n is >= 1 and <= ImageDecodingOptions.MaxAllowedPixels ? null
            : $"expected 1 to {ImageDecodingOptions.MaxAllowedPixels}",
    };

    private readonly Option<long> _maxBytes = new NumberOption<long>("--max-bytes")
    {
        Description = "Maximum size of an image's file in bytes. A larger one is a bad row.", HelpName = "n",
        DefaultValueFactory = _ => new ImageDecodingOptions().MaxBytes,
        Fault = n => n >= 1 && n <= ImageDecodingOptions.MaxAllowedBytes ? null : $"expected 1 to {ImageDecodingOptions.MaxAllowedBytes}",
    };

    private readonly Option<bool> _retryBad =
        new("--retry-bad") { Description = "Retry images that could not be embedded, even if they are unchanged." };

    private readonly Option<bool> _verify =
        new("--verify") { Description = "Also read images with unchanged size and time, and compare their content." };

    private readonly Option<bool> _allowEmpty =
        new("--allow-empty") { Description = "Accept a source without images: all earlier images count as gone. Default: an error." };

    private readonly Option<bool> _supersede =
        new("--supersede") { Description = "Abandon an unfinished run and plan a new one. Embeddings of its shards are lost." };

    private readonly PictureOptions _pictures = new();

    /// <summary>How fast it goes on this machine.</summary>
    public JobMachineOptions Machine { get; } = new();

    /// <summary>Adds them to a command.</summary>
    public DocumentedCommand AddTo(DocumentedCommand command) => command
        .With("Input", [.. _source.All, _model])
        .With("Again", _verify, _retryBad, _allowEmpty, _supersede)
        .With("Embedding", _rotations, _maxPixels, _maxBytes)
        .With(PictureOptions.Heading, _pictures.All)
        .With("Output", _output, _float16, _rowsPerShard, _shards, _maxBad);

    /// <summary>The share of bad rows that is given.</summary>
    public double MaxBad(ParseResult parsed) => parsed.GetValue(_maxBad);

    /// <summary>Opens what is given.</summary>
    /// <exception cref="Outcomes.UsageException">They don't go together.</exception>
    /// <exception cref="SwanBatchException">They are no addresses.</exception>
    public async Task<JobInput> ReadAsync(ParseResult parsed, CancellationToken cancellation)
    {
        ImageDecodingOptions decoding = _pictures.Read(parsed);
        ObjectStoreOptions stores = Machine.ReadStores(parsed);
        var options = new BatchJobOptions
        {
            Model = parsed.GetValue(_model),
            RowsPerShard = parsed.GetValue(_rowsPerShard),
            Shards = parsed.GetValue(_shards),
            Verify = parsed.GetValue(_verify),
            AllowEmpty = parsed.GetValue(_allowEmpty),
            Supersede = parsed.GetValue(_supersede),
            Rotations = parsed.GetValue(_rotations),
            Precision = parsed.GetValue(_float16) ? BatchPrecision.Half : BatchPrecision.Single,
            Range = decoding.Range,
            Bands = decoding.Bands,
            NoData = decoding.NoData,
            MinValidShare = decoding.MinValidShare,
            MaxPixels = parsed.GetValue(_maxPixels),
            MaxBytes = parsed.GetValue(_maxBytes),
            MaxBadShare = parsed.GetValue(_maxBad),
            RetryBadRows = parsed.GetValue(_retryBad),
        };
        IDisposable? source = await _source.ReadAsync(parsed, options, stores, cancellation).ConfigureAwait(false);
        ObjectStore output = ObjectStores.ObjectStores.Open(parsed.GetRequiredValue(_output), stores);
        options.Store = output;
        Machine.Read(parsed, options);
        return new JobInput(options, output, source);
    }
}

/// <summary>A job's options, with the stores that they name open.</summary>
/// <param name="Options">The options.</param>
/// <param name="Output">Where the results go.</param>
/// <param name="Source">What the images are read from, as far as it is open.</param>
internal sealed record JobInput(BatchJobOptions Options, ObjectStore Output, IDisposable? Source) : IDisposable
{
    public void Dispose()
    {
        Source?.Dispose();
        Output.Dispose();
    }
}
