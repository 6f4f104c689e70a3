using System.CommandLine;
using Swan.Batch;
using Swan.Batch.Archives;
using Swan.Batch.Sources;
using Swan.Batch.Stores;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.ObjectStores;

namespace Swan.Cli.Options;

/// <summary>Where a batch job's images come from.</summary>
internal sealed class JobSourceOptions
{
    private readonly Option<string?> _images = new("--images")
    {
        Description = "Folder with images, or s3://bucket/prefix, az://account/container/prefix. Hidden files and links to folders are "
            + "left out.",
        HelpName = "folder|address",
    };

    private readonly Option<string?> _archives = new("--archives")
    {
        Description = "Instead of --images: a .tar or .zip file with images, or a folder or address of such files.",
        HelpName = "file|folder|address",
    };

    private readonly Option<string?> _list = new("--list")
    {
        Description = "Instead of --images: UTF-8 file with one path or https://, s3:// or az:// address per line.",
        HelpName = "file.txt",
    };

    private readonly Option<string?> _manifest = new("--manifest")
    {
        Description = "Instead of --images: a .csv or .parquet file, or its address, with one row per image. Its other columns are "
            + "written into the results.",
        HelpName = "file|address",
    };

    private readonly Option<string?> _path = new("--path-column")
    {
        Description = "With --manifest: column with the images' paths or addresses. Default: path, url, image or bytes, whichever "
            + "exists.",
        HelpName = "name",
    };

    private readonly Option<string?> _url = new("--url-column")
    {
        Description = "With --manifest: column with nothing but the images' addresses.", HelpName = "name",
    };

    private readonly Option<string?> _bytes = new("--bytes-column")
    {
        Description = "With --manifest file.parquet: column with the image files themselves.", HelpName = "name",
    };

    private readonly Option<string?> _key = new("--key-column")
    {
        Description = "With --bytes-column: column that names the images. Default: key.", HelpName = "name",
    };

    private readonly Option<string?> _keep = new("--keep-columns")
    {
        Description = "With --manifest: columns that are written into the results. Default: all but bytes.", HelpName = "a,b",
    };

    private readonly Option<string?> _root = new("--root")
    {
        Description = "With --list or --manifest: folder that relative paths start from. Default: the current one.", HelpName = "folder",
    };

    private readonly Option<bool> _outsideRoot =
        new("--outside-root") { Description = "With --root: allow paths out of that folder. Otherwise they are bad rows." };

    /// <summary>The options, in the order of the help.</summary>
    public Option[] All => [_images, _archives, _list, _manifest, _path, _url, _bytes, _key, _keep, _root, _outsideRoot];

    /// <summary>Sets what is given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The job's.</param>
    /// <param name="stores">How stores are reached.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What is open then, for the caller to dispose; null: nothing.</returns>
    /// <exception cref="UsageException">They don't go together.</exception>
    /// <exception cref="SwanBatchException">They are no addresses, or can't be read.</exception>
    public async Task<IDisposable?> ReadAsync(
        ParseResult parsed, BatchJobOptions options, ObjectStoreOptions stores, CancellationToken cancellation)
    {
        string? images = parsed.GetValue(_images), list = parsed.GetValue(_list), root = parsed.GetValue(_root);
        string? archives = parsed.GetValue(_archives), manifest = parsed.GetValue(_manifest);
        if (new[] { images, archives, list, manifest }.Count(given => given is not null) != 1)
            throw new UsageException("Give one of --images, --archives, --list and --manifest.");
        if (list is null && manifest is null && root is not null) throw new UsageException(
            "--root requires --list or --manifest; with --images, that folder is the root.");
        if (manifest is null && Array.Find([_path, _url, _bytes, _key, _keep], o => parsed.GetValue(o) is not null) is { } alone)
            throw new UsageException($"{alone.Name} requires --manifest.");
        if (root is null && parsed.GetValue(_outsideRoot)) throw new UsageException(
            "--outside-root requires --root; without it, the paths of a list may lead anywhere.");
        if (manifest is not null)
        {
            return await OpenManifestAsync(parsed, manifest, FullFolder(root), options, stores, cancellation).ConfigureAwait(false);
        }
        (options.List, options.Root, options.RestrictToRoot) = (list, FullFolder(root), !parsed.GetValue(_outsideRoot));
        if (list is not null) return options.Addresses = ObjectStores.ObjectStores.OpenAddresses(stores);
        if (archives is not null) options.Source = OpenArchives(archives, stores);
        else if (images is not null && IsAddress(images)) options.Source = new StoreSource(ObjectStores.ObjectStores.Open(images, stores));
        else options.Images = FullFolder(images);
        return options.Source;
    }

    /// <summary>Opens the source of a job that was planned.</summary>
    /// <param name="options">The job's, as it keeps them; they get the source.</param>
    /// <param name="stores">How stores are reached.</param>
    /// <returns>What is open then, for the caller to dispose; null: nothing.</returns>
    public static IDisposable? Reopen(BatchJobOptions options, ObjectStoreOptions stores)
    {
        ImageSource source;
        ObjectStore? addresses = null;
        if (options.SourceSettings is { } settings)
        {
            addresses = ObjectStores.ObjectStores.OpenAddresses(stores);
            source = settings.Open(address => ObjectStores.ObjectStores.Open(address, stores), addresses);
        }
        else if (options.Images is { } images && IsAddress(images))
        {
            source = new StoreSource(ObjectStores.ObjectStores.Open(images, stores));
        }
        else
        {
            return null;
        }
        (options.Images, options.List, options.Root, options.Source) = (null, null, null, source);
        return new Opened(source, addresses);
    }

    /// <summary>Whether a text is an address, and not a path of this machine.</summary>
    public static bool IsAddress(string text) => StoreAddress.SchemeOf(text).Length > 0;

    private async Task<IDisposable> OpenManifestAsync(
        ParseResult parsed, string manifest, string? root, BatchJobOptions options, ObjectStoreOptions stores,
        CancellationToken cancellation)
    {
        var columns = new ManifestColumns
        {
            Path = parsed.GetValue(_path),
            Url = parsed.GetValue(_url),
            Bytes = parsed.GetValue(_bytes),
            Key = parsed.GetValue(_key),
            Keep = parsed.GetValue(_keep)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        };
        ObjectStore store = ObjectStores.ObjectStores.OpenFolderOf(manifest, out string key, stores);
        ObjectStore addresses = ObjectStores.ObjectStores.OpenAddresses(stores);
        try
        {
            options.Source = await ManifestSource.OpenAsync(
                store, key, columns, root, !parsed.GetValue(_outsideRoot), addresses, cancellation).ConfigureAwait(false);
            return new Opened(options.Source, addresses);
        }
        catch
        {
            store.Dispose();
            addresses.Dispose();
            throw;
        }
    }

    // A folder may have such a name, too.
    private static ArchiveSource OpenArchives(string where, ObjectStoreOptions stores)
    {
        bool isFile = ArchiveFile.Is(StoreAddress.WithoutSecrets(where)) && (IsAddress(where) || !Directory.Exists(where));
        if (!isFile) return new ArchiveSource(ObjectStores.ObjectStores.Open(IsAddress(where) ? where : FullFolder(where)!, stores));
        ObjectStore store = ObjectStores.ObjectStores.OpenFolderOf(where, out string key, stores);
        return new ArchiveSource(store, key);
    }

    // A full path would hide that it was a URL.
    private static string? FullFolder(string? folder) => folder is null ? null
        : !Directory.Exists(folder) && FilePath.WhyMissing(folder) is { } why
            ? throw new SwanBatchException($"There is no folder '{folder}': {why}")
        : Path.GetFullPath(folder);

    private sealed class Opened(params IDisposable?[] all) : IDisposable
    {
        public void Dispose()
        {
            foreach (IDisposable? one in all) one?.Dispose();
        }
    }
}
