using System.Globalization;
using System.Security.Cryptography;
using Swan.Batch.Inputs;
using Swan.Batch.Output;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Numerics;

namespace Swan.Batch.Jobs;

/// <summary>Makes out, together with the other shards and with earlier runs, what the job is.</summary>
internal static class JobStart
{
    private const string Lists = "images-*.txt";
    private const int NameDigits = 16;

    /// <summary>Writes the manifest, or checks that what is asked for is what the one that is there says.</summary>
    /// <exception cref="SwanBatchException">The list can't be used, or the folder holds another job's chunks.</exception>
    public static (JobManifest Manifest, ImageList List) Begin(
        BatchJobOptions options, ModelCard model, JobFolder folder, JobProgress progress, CancellationToken cancellation)
    {
        if (!Directory.Exists(options.FullRoot))
        {
            throw new SwanBatchException(FilePath.WhyMissing(options.Images ?? options.Root ?? "") is { } why
                ? $"There is no folder '{options.Images ?? options.Root}': {why}"
                : $"There is no folder '{options.FullRoot}'. Give the folder that holds the images.");
        }
        JobManifest? agreed = JobManifest.Read(folder);
        ImageList? list = null;
        if (agreed is null)
        {
            if (folder.HasChunks)
            {
                throw new SwanBatchException(
                    $"'{folder.Path}' holds chunks, but no manifest.json that says what they belong to. Nothing was changed. "
                    + "Choose another output folder.");
            }

            list = options.List is { } given
                ? OpenList(given, cancellation)
                : ListFolder(options.FullRoot, folder, progress, cancellation);
            if (list.Rows == 0)
            {
                throw new SwanBatchException(
                    $"There is no image in '{options.List ?? options.Images}'. Give a folder with images, or a list of paths.");
            }

            JobManifest mine = Describe(options, model, list);
            agreed = mine.Publish(folder);
            if (!ReferenceEquals(agreed, mine)) list = null; // another shard was faster
        }

        list ??= options.List is not null ? OpenList(options.List, cancellation)
            : agreed.ListedFolder ? OpenKeptList(agreed, folder, cancellation)
            : new ImageList(agreed.List, agreed.ListFingerprint, agreed.Rows);
        agreed.ThrowIfDifferent(Describe(options, model, list), folder);
        if (agreed.ListedFolder) DeleteOtherLists(agreed, folder);
        return (agreed, list);
    }

    // Lists of shards that were slower, or killed before the manifest was written.
    private static void DeleteOtherLists(JobManifest agreed, JobFolder folder)
    {
        foreach (string other in Directory.EnumerateFiles(folder.Path, Lists))
        {
            if (IsOurs(Path.GetFileName(other)) && Path.GetFileName(other) != agreed.List) File.Delete(other);
        }
    }

    // The user may keep lists of like names in the folder.
    private static bool IsOurs(string name) => name.Length == Lists.Length - 1 + NameDigits
        && name.AsSpan(Lists.IndexOf('*', StringComparison.Ordinal), NameDigits).IndexOfAnyExcept("0123456789abcdef") < 0;

    private static ImageList OpenList(string file, CancellationToken cancellation) => File.Exists(file)
        ? ImageList.Open(Path.GetFullPath(file), cancellation)
        : throw new SwanBatchException(
            $"There is no list '{file}'. {FilePath.WhyMissing(file) ?? "Give a text file with one image path a line."}");

    // What is in the folder by now doesn't matter: the rows are those of the first start.
    private static ImageList OpenKeptList(JobManifest manifest, JobFolder folder, CancellationToken cancellation)
    {
        string file = folder.In(manifest.List);
        ImageList? list = File.Exists(file) ? ImageList.Open(file, cancellation) : null;
        return list?.Fingerprint == manifest.ListFingerprint
            ? list
            : throw new SwanBatchException(
                $"'{file}' is {(list is null ? "missing" : "not what was listed when the job began")}, so it is unknown which rows are "
                + "done. Nothing was changed. Choose another output folder.");
    }

    private static ImageList ListFolder(string images, JobFolder folder, JobProgress progress, CancellationToken cancellation)
    {
        using SHA256 hash = SHA256.Create();
        using AtomicFile file = folder.Create(folder.In("images.txt"));
        try
        {
            FolderContents found;
            using (var lines = new StreamWriter(new CryptoStream(file.Stream, hash, CryptoStreamMode.Write, leaveOpen: true)))
                found = FolderList.Write(images, lines, folder.Temporary(folder.In("sort")), cancellation);
            if (found.Others > 0)
            {
                progress.Say(
                    $"{Counted.Of(found.Others, "file")} in '{images}' {Counted.Verb(found.Others)} left out: "
                    + $"{Counted.Verb(found.Others, "its ending is not that of an image", "their endings are not those of images")}. "
                    + "To try such files, give a list.");
            }
            if (found.Unnamed > 0)
            {
                progress.Say(
                    $"{Counted.Of(found.Unnamed, "image")} in '{images}' {Counted.Verb(found.Unnamed, "has a name", "have names")} that "
                    + $"{Counted.Verb(found.Unnamed)} not UTF-8, so {Counted.Verb(found.Unnamed, "it", "they")} can't be opened.");
            }

            string fingerprint = Convert.ToHexStringLower(hash.Hash!);
            // Named by its content: shards that start at the same time don't write over each other's list.
            string name = folder.In(Lists.Replace("*", fingerprint[..NameDigits], StringComparison.Ordinal));
            if (found.Images > 0) file.Commit(name);
            return new ImageList(name, fingerprint, found.Images);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new SwanBatchException($"'{images}' can't be listed: {e.Message}", innerException: e);
        }
    }

    private static JobManifest Describe(BatchJobOptions options, ModelCard model, ImageList list) => new()
    {
        ModelName = model.Name,
        ModelFingerprint = model.Identity!.Fingerprint,
        EmbeddingSize = model.EmbeddingSize,
        ListedFolder = options.List is null,
        Root = options.FullRoot,
        List = options.List is null ? Path.GetFileName(list.File) : list.File,
        ListFingerprint = list.Fingerprint,
        Rows = list.Rows,
        Chunk = options.ChunkSize,
        Shards = options.Shard.Count,
        Rotations = options.Rotations,
        Range = options.Range?.ToString(),
        Bands = options.Bands is { } bands ? BandList.Text(bands) : null,
        NoData = options.NoData?.ToString(CultureInfo.InvariantCulture),
        MinValidShare = options.MinValidShare == new BatchJobOptions().MinValidShare ? null : options.MinValidShare,
        SwanVersion = JobManifest.CurrentSwanVersion,
        Steps = options.Steps?.Version,
        Columns = options.Steps?.Columns,
    };
}
