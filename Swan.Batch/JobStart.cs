using System.Security.Cryptography;
using Swan.Batch.Inputs;
using Swan.Batch.Output;
using Swan.MLNet.ModelFiles;

namespace Swan.Batch;

/// <summary>Agrees with the other shards, and with earlier runs, on what the job is.</summary>
internal static class JobStart
{
    private const string Lists = "images-*.txt";
    private const int NameDigits = 16;

    /// <summary>Writes the manifest, or checks that what is asked for is what the one that is there says.</summary>
    /// <exception cref="UnusableException">The list can't be used, or the folder holds another job's chunks.</exception>
    public static (JobManifest Manifest, ImageList List) Agree(ScoringRequest ask, ModelCard model, JobFolder folder, CancellationToken cancellation)
    {
        if (!Directory.Exists(ask.Root)) throw new UnusableException($"There is no folder '{ask.Root}'. Give the folder that holds the images.");
        JobManifest? agreed = JobManifest.Read(folder);
        ImageList? list = null;
        if (agreed is null)
        {
            if (folder.HasChunks) throw new UnusableException($"'{folder.Path}' holds chunks, but no manifest.json that says what they belong to. Nothing was changed. Give --out another folder.");
            list = ask.List is null ? ListFolder(ask.Root, folder, cancellation) : Given(ask.List, cancellation);
            if (list.Rows == 0) throw new UnusableException($"There is no image in '{ask.List ?? ask.Images}'. Give a folder with images, or a list of paths.");
            JobManifest mine = Describe(ask, model, list);
            agreed = mine.Publish(folder);
            if (!ReferenceEquals(agreed, mine)) list = null; // another shard was faster
        }

        list ??= ask.List is not null ? Given(ask.List, cancellation)
            : agreed.ListedFolder ? Listed(agreed, folder, cancellation)
            : new ImageList(agreed.List, agreed.ListFingerprint, agreed.Rows);
        agreed.Require(Describe(ask, model, list), folder);
        if (agreed.ListedFolder)
        {
            // Lists of shards that were slower, or killed before the manifest was written.
            foreach (string other in Directory.EnumerateFiles(folder.Path, Lists).Where(f => IsOurs(Path.GetFileName(f)) && Path.GetFileName(f) != agreed.List)) File.Delete(other);
        }

        return (agreed, list);
    }

    // The user may keep lists of like names in the folder.
    private static bool IsOurs(string name) => name.Length == Lists.Length - 1 + NameDigits && name.AsSpan(Lists.IndexOf('*', StringComparison.Ordinal), NameDigits).IndexOfAnyExcept("0123456789abcdef") < 0;

    private static ImageList Given(string file, CancellationToken cancellation) => File.Exists(file)
        ? ImageList.Open(Path.GetFullPath(file), cancellation)
        : throw new UnusableException($"There is no list '{file}'. Give a text file with one image path a line.");

    // What is in the folder by now doesn't matter: the rows are those of the first start.
    private static ImageList Listed(JobManifest manifest, JobFolder folder, CancellationToken cancellation)
    {
        string file = folder.In(manifest.List);
        ImageList? list = File.Exists(file) ? ImageList.Open(file, cancellation) : null;
        return list?.Fingerprint == manifest.ListFingerprint
            ? list
            : throw new UnusableException($"'{file}' is {(list is null ? "missing" : "not what was listed when the job began")}, so it is unknown which rows are done. Nothing was changed. Give --out another folder.");
    }

    private static ImageList ListFolder(string images, JobFolder folder, CancellationToken cancellation)
    {
        using SHA256 hash = SHA256.Create();
        using DurableFile file = folder.Create(folder.In("images.txt"));
        try
        {
            long rows, others;
            using (var lines = new StreamWriter(new CryptoStream(file.Stream, hash, CryptoStreamMode.Write, leaveOpen: true)))
                (rows, others) = FolderListing.Write(images, lines, folder.Temporary(folder.In("sort")), cancellation);
            if (others > 0) Console.WriteLine($"{others:N0} files in '{images}' are left out: their endings are not those of images. To try them anyway, give a --list.");
            string fingerprint = Convert.ToHexStringLower(hash.Hash!);
            // Named by its content: shards that start at the same time don't write over each other's list.
            string name = folder.In(Lists.Replace("*", fingerprint[..NameDigits], StringComparison.Ordinal));
            if (rows > 0) file.Commit(name);
            return new ImageList(name, fingerprint, rows);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new UnusableException($"'{images}' can't be listed: {e.Message}", e);
        }
    }

    private static JobManifest Describe(ScoringRequest ask, ModelCard model, ImageList list) => new()
    {
        ModelName = model.Name,
        ModelFingerprint = model.Identity!.Fingerprint,
        EmbeddingSize = model.EmbeddingSize,
        ListedFolder = ask.List is null,
        Root = ask.Root,
        List = ask.List is null ? Path.GetFileName(list.File) : list.File,
        ListFingerprint = list.Fingerprint,
        Rows = list.Rows,
        Chunk = ask.Chunk,
        Shards = ask.Shard.Count,
        Rotations = ask.Rotations,
        SwanVersion = JobManifest.CurrentSwanVersion,
    };
}
