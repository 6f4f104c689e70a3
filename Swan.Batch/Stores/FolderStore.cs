using System.Globalization;
using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using Swan.MLNet;

namespace Swan.Batch.Stores;

/// <summary>A folder of this machine as an object store: keys are paths below it.</summary>
/// <remarks>
/// Objects are written under temporary names, which begin with a dot and end with <c>.tmp</c>. These are not listed and are not keys.
/// Links to files are followed, links to folders are not listed. Safe for concurrent use, also by several processes.
/// </remarks>
public sealed class FolderStore : ObjectStore
{
    private const string Temporary = ".tmp";

    private readonly string _folder;

    /// <summary>Creates a store for a folder; nothing is read or written yet.</summary>
    /// <param name="folder">Its path. Writing creates it; reading and listing need it to exist.</param>
    public FolderStore(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        FilePath.ThrowIfNotText(folder);
        _folder = Path.GetFullPath(folder);
    }

    /// <summary>The folder's full path.</summary>
    public override string Address => _folder;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<StoredObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        // The folder is read on a background thread.
        using var sorted = new SortedObjects();
        await Task.Run(() => AddAll(sorted, prefix, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (StoredObject stored in sorted.InOrder())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return stored;
        }
    }

    /// <inheritdoc/>
    public override Task<StoredContent?> OpenAsync(string key, CancellationToken cancellationToken = default)
    {
        string path = PathOf(key);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Allowed(key, "read", () => Open(key, path, cancellationToken)));
    }

    /// <inheritdoc/>
    public override Task<Stream> OpenRangeAsync(
        StoredObject stored, long offset, long length, CancellationToken cancellationToken = default)
    {
        CheckRange(stored, offset, length);
        string path = PathOf(stored.Key);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Allowed<Stream>(stored.Key, "read", () =>
        {
            if (Open(stored.Key, path, cancellationToken) is not { } opened) throw Changed(stored);
            if (opened.Object != stored)
            {
                opened.Dispose();
                throw Changed(stored);
            }
            ((FileContent)opened.Content).Start(offset);
            return new PartStream(opened.Content, length, opened);
        }));
    }

    /// <inheritdoc/>
    public override async Task WriteAsync(string key, Stream content, CancellationToken cancellationToken = default)
    {
        string path = PathOf(key);
        using AtomicFile file =
            await CopyAsync(key, content, () => AtomicFile.Create(path), cancellationToken).ConfigureAwait(false);
        Allowed(key, "written", () =>
        {
            file.Commit();
            return true;
        });
    }

    /// <inheritdoc/>
    public override async Task<bool> CreateAsync(string key, Stream content, CancellationToken cancellationToken = default)
    {
        string path = PathOf(key);
        if (File.Exists(path)) return false;
        if (Directory.Exists(path))
        {
            throw new StoreException(
                $"'{path}' can't be written: a folder has this name. Move it away, or choose another folder for the store.",
                StoreFailure.Other);
        }
        (string target, string temporary) = Allowed(key, "written", () => AtomicFile.Names(path));
        using AtomicFile file =
            await CopyAsync(key, content, () => AtomicFile.Create(target, temporary), cancellationToken).ConfigureAwait(false);
        return Allowed(key, "written", () =>
        {
            AtomicFile.Flush(file.Stream, target);
            file.Stream.Dispose();
            if (!NewName.TryGive(temporary, target)) return false;
            AtomicFile.FlushFolder(Path.GetDirectoryName(target)!);
            return true;
        });
    }

    /// <inheritdoc/>
    public override Task DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        string path = PathOf(key);
        cancellationToken.ThrowIfCancellationRequested();
        Allowed(key, "deleted", () =>
        {
            AtomicFile.Delete(path);
            return true;
        });
        return Task.CompletedTask;
    }

    private static bool IsTemporary(ReadOnlySpan<char> name) =>
        name.StartsWith('.') && name.EndsWith(Temporary, StringComparison.Ordinal);

    private static string Stamp(DateTime written, long size) =>
        string.Create(CultureInfo.InvariantCulture, $"time:{written.Ticks};size:{size}");

    private static StoredContent? Open(string key, string path, CancellationToken cancellation)
    {
        // A folder can't be opened, and is no object.
        if (!File.Exists(path)) return null;
        FileStream file;
        try
        {
            file = new FileStream(
                path, new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, Options = FileOptions.SequentialScan });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        try
        {
            string stamp = Stamp(File.GetLastWriteTimeUtc(file.SafeFileHandle), file.Length);
            return new StoredContent(new StoredObject(key, file.Length, stamp), new FileContent(file, cancellation));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private async Task<AtomicFile> CopyAsync(string key, Stream content, Func<AtomicFile> create, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        cancellation.ThrowIfCancellationRequested();
        AtomicFile file = Allowed(key, "written", create);
        try
        {
            content.Position = 0;
            await content.CopyToAsync(file.Stream, cancellation).ConfigureAwait(false);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private string PathOf(string key)
    {
        StoreKey.Check(key, _folder);
        string? why = FilePath.WhyNotWithin(key);
        string name = key[(key.LastIndexOf('/') + 1)..];
        if (name.Length == 0) why = "it ends with '/', so it names a folder";
        else if (IsTemporary(name)) why = "such names are reserved for temporary files";
        else if (OperatingSystem.IsWindows() && key.AsSpan().ContainsAny("\\:*?\"<>|"))
            why = "it has a character that is invalid in file names";
        if (why is null) return Path.Combine(_folder, key);
        throw new StoreException($"'{key}' is not a key in '{_folder}': {why}. A key is a path below the folder, such as 'tiles/1.png'. "
            + "Correct the list that it comes from, or rename what it was made from.", StoreFailure.Key);
    }

    // The part of the prefix before the last slash is a folder: only that one is read.
    private void AddAll(SortedObjects sorted, string prefix, CancellationToken cancellation)
    {
        if (!Directory.Exists(_folder))
        {
            throw new StoreException(File.Exists(_folder)
                ? $"'{_folder}' is a file, but a folder is needed. Give the folder that holds the files."
                : $"There is no folder '{_folder}'. Check its name, and that its disk is mounted.", StoreFailure.NoContainer);
        }
        string below = prefix[..(prefix.LastIndexOf('/') + 1)];
        if (below.Length > 0)
        {
            StoreKey.Check(below, _folder);
            if (FilePath.WhyNotWithin(below) is not null) return;
        }
        string start = Path.Combine(_folder, below);
        if (!Directory.Exists(start)) return;
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = 0 };
        var files = new FileSystemEnumerable<StoredObject?>(start, Entry, options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && !IsTemporary(entry.FileName),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };
        Allowed(below, "listed", () =>
        {
            foreach (StoredObject? stored in files)
            {
                cancellation.ThrowIfCancellationRequested();
                if (stored is not null && stored.Key.StartsWith(prefix, StringComparison.Ordinal)) sorted.Add(stored);
            }
            return true;
        });

        StoredObject? Entry(ref FileSystemEntry entry)
        {
            string path = entry.ToFullPath();
            string key = Path.GetRelativePath(_folder, path).Replace(Path.DirectorySeparatorChar, '/');
            // Of a link, what it leads to counts; one that leads nowhere is no object.
            var file = new FileInfo(path);
            if ((entry.Attributes & FileAttributes.ReparsePoint) != 0)
            {
                if (file.ResolveLinkTarget(returnFinalTarget: true) is not FileInfo { Exists: true } target) return null;
                file = target;
            }
            return file.Exists ? new StoredObject(key, file.Length, Stamp(file.LastWriteTimeUtc, file.Length)) : null;
        }
    }

    private T Allowed<T>(string key, string what, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (UnauthorizedAccessException e)
        {
            string path = Path.Combine(_folder, key);
            throw new StoreException($"'{path}' can't be {what}: {e.Message} This user lacks the permission, or a folder has this name. "
                + "Check who owns the folder, and how it is mounted.", StoreFailure.Denied, e);
        }
    }
}
