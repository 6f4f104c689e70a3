using System.CommandLine;
using Swan.Batch;
using Swan.Batch.Sources;
using Swan.Batch.Stores;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.ObjectStores;

namespace Swan.Cli.Options;

/// <summary>What a batch job embeds and how: the options of the commands that plan one.</summary>
internal sealed class JobOptions
{
    private static readonly string[] s_remote = ["s3://", "az://", "https://", "http://", "file://"];

    private readonly Option<string?> _model = SharedOptions.OptionalModel();

    private readonly Option<string?> _images = new("--images")
    {
        Description = "Folder with images, or s3://bucket/prefix, az://account/container/prefix. Hidden files and links to folders are "
            + "left out.",
        HelpName = "folder|address",
    };

    private readonly Option<string?> _list = new("--list")
    {
        Description = "Instead of --images: UTF-8 file with one path a line.", HelpName = "file.txt",
    };

    private readonly Option<string?> _root = new("--root")
    {
        Description = "With --list: folder that relative paths start from. Default: the current one.", HelpName = "folder",
    };

    private readonly Option<bool> _outsideRoot =
        new("--outside-root") { Description = "With --root: let paths of the list lead out of that folder. Else they are bad rows." };

    private readonly Option<string> _output =
        new("--out")
        {
            Description = "Where the results go: a folder, or an address as of --images.", HelpName = "folder|address", Required = true,
        };

    private readonly Option<int> _rowsPerShard = new NumberOption<int>("--rows-per-shard")
    {
        Description = "Rows per shard, 1 to 100000: what is done at once, and lost when it is killed.", HelpName = "n",
        DefaultValueFactory = _ => 10_000,
    }.Within(1, 100_000);

    private readonly Option<int?> _shards = new OptionalNumberOption<int>("--shards")
    {
        Description = "Into how many shards the run is cut, instead. Give many more than there are workers.", HelpName = "n",
    };

    private readonly Option<int> _rotations = SharedOptions.Rotations();

    private readonly Option<double> _maxBad = new NumberOption<double>("--max-bad")
    {
        Description = "Share of bad rows, 0 to 1, above which the exit code is 3.", HelpName = "n", DefaultValueFactory = _ => 0.01,
        Fault = share => share is >= 0 and <= 1 ? null : "expected 0 to 1",
    };

    private readonly Option<bool> _retryBad =
        new("--retry-bad") { Description = "Try images again that could not be embedded, though they are as they were." };

    private readonly Option<bool> _verify =
        new("--verify") { Description = "Read images whose size and time are as before, to see whether their content is, too." };

    private readonly Option<bool> _allowEmpty =
        new("--allow-empty") { Description = "A source without images is right: all that was there is gone. Else it is an error." };

    private readonly Option<bool> _supersede =
        new("--supersede") { Description = "Give up a run that has not ended, and plan anew. What its shards have embedded is lost." };

    private readonly PictureOptions _pictures = new();

    /// <summary>How fast it goes on this machine.</summary>
    public JobMachineOptions Machine { get; } = new();

    /// <summary>Adds them to a command.</summary>
    public DocumentedCommand AddTo(DocumentedCommand command) => command
        .With("Input", _images, _list, _root, _outsideRoot, _model)
        .With("Again", _verify, _retryBad, _allowEmpty, _supersede)
        .With("Embedding", _rotations)
        .With(PictureOptions.Heading, _pictures.All)
        .With("Output", _output, _rowsPerShard, _shards, _maxBad);

    /// <summary>The share of bad rows that is given.</summary>
    public double MaxBad(ParseResult parsed) => parsed.GetValue(_maxBad);

    /// <summary>Opens what is given.</summary>
    /// <exception cref="UsageException">They don't go together.</exception>
    /// <exception cref="SwanBatchException">They are no addresses.</exception>
    public JobInput Read(ParseResult parsed)
    {
        string? images = parsed.GetValue(_images), list = parsed.GetValue(_list), root = parsed.GetValue(_root);
        if (images is null == list is null) throw new UsageException("Give either --images or --list.");
        if (images is not null && root is not null) throw new UsageException(
            "--root goes with --list; with --images, that folder is the root.");
        if (root is null && parsed.GetValue(_outsideRoot)) throw new UsageException(
            "--outside-root goes with --root; without it, the paths of a list may lead anywhere.");
        ImageDecodingOptions decoding = _pictures.Read(parsed);
        bool isRemote = images is not null && IsRemote(images);
        ObjectStoreOptions stores = Machine.ReadStores(parsed);
        ObjectStore output = ObjectStores.ObjectStores.Open(parsed.GetRequiredValue(_output), stores);
        ImageSource? source = isRemote ? new StoreSource(ObjectStores.ObjectStores.Open(images!, stores)) : null;
        var options = new BatchJobOptions
        {
            Model = parsed.GetValue(_model),
            Images = isRemote ? null : FullFolder(images),
            List = list,
            Root = FullFolder(root),
            RestrictToRoot = !parsed.GetValue(_outsideRoot),
            Source = source,
            Store = output,
            RowsPerShard = parsed.GetValue(_rowsPerShard),
            Shards = parsed.GetValue(_shards),
            Verify = parsed.GetValue(_verify),
            AllowEmpty = parsed.GetValue(_allowEmpty),
            Supersede = parsed.GetValue(_supersede),
            Rotations = parsed.GetValue(_rotations),
            Range = decoding.Range,
            Bands = decoding.Bands,
            NoData = decoding.NoData,
            MinValidShare = decoding.MinValidShare,
            MaxBadShare = parsed.GetValue(_maxBad),
            RetryBadRows = parsed.GetValue(_retryBad),
        };
        Machine.Read(parsed, options);
        return new JobInput(options, output, source);
    }

    /// <summary>Whether a text is an address, and not a path of this machine.</summary>
    public static bool IsRemote(string text) => s_remote.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    // A full path would hide that it was a URL.
    private static string? FullFolder(string? folder) => folder is null ? null
        : !Directory.Exists(folder) && FilePath.WhyMissing(folder) is { } why
            ? throw new SwanBatchException($"There is no folder '{folder}': {why}")
        : Path.GetFullPath(folder);
}

/// <summary>A job's options, with the stores that they name open.</summary>
/// <param name="Options">The options.</param>
/// <param name="Output">Where the results go.</param>
/// <param name="Source">Where the images are; null where the options open it themselves.</param>
internal sealed record JobInput(BatchJobOptions Options, ObjectStore Output, ImageSource? Source) : IDisposable
{
    public void Dispose()
    {
        Source?.Dispose();
        Output.Dispose();
    }
}
