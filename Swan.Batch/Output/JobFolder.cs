using System.Globalization;
using Swan.MLNet;

namespace Swan.Batch.Output;

/// <summary>The output folder as one shard sees it: names of its files, its lock, its temporaries.</summary>
/// <remarks>
/// Shards may share the folder: each writes only files of its own names. The lock lasts as long as this object or its process, however that
/// ends: a scheduler that starts a shard's second pod before the first is gone gets an answer instead of two writers.
/// </remarks>
internal sealed class JobFolder : IDisposable
{
    private static readonly TimeSpan MaxTurn = TimeSpan.FromSeconds(60);

    // Where a file system has no locks, two processes may work at one shard: neither may give its name to the other's half-written file.
    private readonly string _process = Guid.NewGuid().ToString("N")[..8];
    private readonly Shard _shard;
    private readonly FileStream _lock;

    private JobFolder(string path, Shard shard, FileStream taken) => (Path, _shard, _lock) = (path, shard, taken);

    public string Path { get; }

    /// <summary>One JSON file for all shards: what the chunks belong to.</summary>
    public string Manifest => In("manifest.json");

    private string Embeddings => In("embeddings");

    private string BadRows => In("bad");

    /// <summary>Makes the folders, takes the shard, and deletes temporaries that a killed process of this shard left.</summary>
    /// <exception cref="SwanBatchException">Another process has the shard, or the folder can't be made or written to.</exception>
    public static JobFolder Open(string path, Shard shard)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.Combine(path, "embeddings"));
            Directory.CreateDirectory(System.IO.Path.Combine(path, "bad"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (FilePath.FileOnTheWay(path) is { } obstacle)
            {
                throw new SwanBatchException(
                    $"The output folder '{path}' can't be made: '{obstacle}' is a file. Choose another folder.", innerException: e);
            }
            throw new SwanBatchException($"The output folder '{path}' can't be used: {e.Message}", innerException: e);
        }

        string file = System.IO.Path.Combine(path, Invariant($".s{shard.Index:D5}.lock"));
        FileStream taken;
        try
        {
            taken = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException other && !HeldFile.Is(other)))
        {
            throw new SwanBatchException($"The output folder '{path}' can't be written to: {e.Message}", innerException: e);
        }
        catch (IOException e) when (HeldFile.Is(e))
        {
            throw new SwanBatchException(
                $"Another process is at shard {shard} in '{path}' ({e.Message}). Wait for its end, or choose another output folder.",
                canRetry: true,
                e);
        }

        var folder = new JobFolder(path, shard, taken);
        foreach (string place in (string[])[path, folder.Embeddings, folder.BadRows])
        {
            foreach (string left in Directory.EnumerateFiles(place, Invariant($".s{shard.Index:D5}.*.tmp"))) File.Delete(left);
        }
        return folder;
    }

    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The Parquet file of chunk <paramref name="number"/>.</summary>
    public string Chunk(int number) => System.IO.Path.Combine(Embeddings, Name(number) + ".parquet");

    /// <summary>The JSON lines of its bad rows.</summary>
    public string Bad(int number) => System.IO.Path.Combine(BadRows, Name(number) + ".jsonl");

    /// <summary>Whether there is a chunk of any shard.</summary>
    public bool HasChunks => Directory.EnumerateFiles(Embeddings, "*.parquet").Any();

    /// <summary>A name for a file until it is whole: this shard's own, so that a start of this shard can clean up, and this
    /// process's.</summary>
    /// <param name="path">Its final name, or any in the same folder.</param>
    public string Temporary(string path)
    {
        string name = Invariant($".s{_shard.Index:D5}.{System.IO.Path.GetFileName(path)}.{_process}.tmp");
        return System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, name);
    }

    /// <summary>Begins a file that gets its name when it is whole.</summary>
    public AtomicFile Create(string path) => AtomicFile.Create(path, Temporary(path));

    /// <summary>Waits until no other shard writes what is everybody's.</summary>
    /// <returns>Ends the turn when it is disposed.</returns>
    /// <exception cref="SwanBatchException">The others take too long.</exception>
    public FileStream LockManifest()
    {
        string file = In(".manifest.lock");
        DateTime until = DateTime.UtcNow + MaxTurn;
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (HeldFile.Is(e))
            {
                if (DateTime.UtcNow > until)
                {
                    throw new SwanBatchException(
                        $"Another shard has held '{file}' for {MaxTurn.TotalSeconds} s ({e.Message}). Try again later.", canRetry: true, e);
                }
            }

            // .NET's file locks fail instead of waiting, and processes on other machines can't signal; a turn lasts milliseconds.
            Thread.Sleep(TimeSpan.FromMilliseconds(20));
        }
    }

    public void Dispose() => _lock.Dispose();

    private string Name(int chunk) => Invariant($"shard-{_shard.Index:D5}-of-{_shard.Count:D5}-chunk-{chunk:D6}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
