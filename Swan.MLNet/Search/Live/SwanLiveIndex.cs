using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Search;

/// <summary>A searchable gallery in a folder whose rows can be added, replaced and removed during searches.</summary>
/// <remarks>
/// <para>Opening reads one page of each file, whatever its size. Rows stay on disk, and the system keeps the searched ones in memory. Each
/// search answers from one state, that of the latest commit; commits of other processes are visible within
/// <see cref="SwanLiveIndexOptions.RefreshInterval"/>. Searches never wait for a writer, and never see half a commit. Any number of
/// processes may read; one at a time may write (<see cref="OpenWriter"/>).</para>
/// <para>The folder may be copied with <see cref="CopyTo"/> and moved, but only Swan may change or truncate its files, because they are
/// mapped into memory. A search compares bytes with their checksums at the first read; <see cref="Verify"/> compares all of them. On a
/// network file system, mapped files are read over the network; copy the folder to a local disk instead.</para>
/// Safe for concurrent use; dispose it after the last answer.
/// <example>
/// <code>
/// using var index = SwanLiveIndex.Create("gallery", new SwanIndexSettings(model.Card.EmbeddingSize) { Model = model.Card.Identity });
/// using (SwanIndexWriter writer = index.OpenWriter())
/// {
///     writer.Upsert("tiles/0001.jpg", model.EmbedImage("tiles/0001.jpg"));
///     writer.Commit();
/// }
/// </code>
/// </example>
/// </remarks>
public sealed class SwanLiveIndex : SwanGallery, IDisposable
{
    private readonly IndexFolder _folder;
    private readonly LatestState _latest;

    private SwanLiveIndex(IndexFolder folder, SwanLiveIndexOptions options, IndexOwner? owner = null)
    {
        (_folder, IsShared) = (folder, owner is not null);
        try
        {
            _latest = new LatestState(folder, options.RefreshInterval, owner);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Missing(e);
        }
    }

    /// <inheritdoc/>
    public override int Count => Now(static state => state.Count);

    /// <inheritdoc/>
    /// <remarks>It changes when the index is re-embedded with a model of another size.</remarks>
    public override int EmbeddingSize => Now(static state => state.Blocks.EmbeddingSize);

    /// <inheritdoc/>
    public override ModelIdentity? Model => Now(static state => state.Model);

    /// <inheritdoc/>
    public override IReadOnlyList<SwanColumn> Columns => Now(static state => Array.AsReadOnly(state.Columns));

    /// <summary>The number of the latest commit that this object has seen; it rises with each commit.</summary>
    public long Generation => Now(static state => state.Manifest.Generation);

    /// <summary>The folder, in full.</summary>
    public string Folder => _folder.Path;

    internal override GivenRange? GivenRange => Now(static state => state.GivenRange);

    /// <summary>Creates an index without rows.</summary>
    /// <param name="folder">A folder without an index; it is created.</param>
    /// <param name="settings">The index's settings.</param>
    /// <param name="options">The options for opening it; null: the defaults.</param>
    /// <exception cref="ArgumentException">The settings are not valid.</exception>
    /// <exception cref="IOException">The folder already holds an index, or one that lost its manifest, or can't be written to.</exception>
    /// <exception cref="SwanIndexLockedException">Another writer is creating one there.</exception>
    public static SwanLiveIndex Create(string folder, SwanIndexSettings settings, SwanLiveIndexOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (IndexFolder place, options) = Checked(folder, options);
        ManifestRows rows = settings.ToRows();
        place.Create();
        using (WriterLock.Take(place, WriterLock.ThisProgram))
        {
            if (File.Exists(place.Manifest))
                throw new IOException($"'{place.Path}' already contains an index. Open it, or choose another folder.");
            if (Directory.Exists(place.Segments) && Directory.EnumerateFileSystemEntries(place.Segments).Any())
            {
                throw new IOException(
                    $"'{place.Path}' has no manifest.json, but its folder 'segments' contains files. They may be the rows of an index "
                    + "that lost its manifest, and a writer would remove them. Choose another folder, copy the manifest back, or move "
                    + "'segments' away.");
            }
            place.CreateSegments();
            IndexManifestFile.Write(place, new IndexManifest
            {
                Format = IndexManifestFile.Format, Generation = 1, Written = DateTime.UtcNow, NextSegment = 1, Rows = rows,
                Columns = [.. settings.Columns.Select(ManifestShape.Column)],
            });
            place.Flush();
        }
        return new SwanLiveIndex(place, options);
    }

    /// <summary>Opens an index in milliseconds, whatever its size.</summary>
    /// <param name="folder">A folder from <see cref="Create"/> or <see cref="CopyTo"/>. Nothing is written to it.</param>
    /// <param name="options">The options; null: the defaults.</param>
    /// <exception cref="FileNotFoundException">The folder has no index.</exception>
    /// <exception cref="SwanFormatException">The index is damaged or has another version; the message names the file.</exception>
    public static SwanLiveIndex Open(string folder, SwanLiveIndexOptions? options = null)
    {
        (IndexFolder place, options) = Checked(folder, options);
        return new SwanLiveIndex(place, options);
    }

    /// <summary>Opens the index's writer, which holds the right to write until it is disposed.</summary>
    /// <param name="options">The options; null: the defaults.</param>
    /// <exception cref="SwanIndexLockedException">The index already has a writer, in this process or another; the message names
    /// it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written to.</exception>
    /// <exception cref="SwanFormatException">The index is damaged.</exception>
    public SwanIndexWriter OpenWriter(SwanIndexWriterOptions? options = null)
    {
        options ??= new SwanIndexWriterOptions();
        options.Check();
        var held = WriterLock.Take(_folder, options.Program ?? WriterLock.ThisProgram);
        try
        {
            return new SwanIndexWriter(this, _folder, held, options);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Pins the latest state until the snapshot is disposed.</summary>
    public SwanIndexSnapshot Snapshot() => new((IndexState)Enter());

    /// <summary>Checks whether another process has committed, and takes its state.</summary>
    /// <returns>Whether there was a newer state.</returns>
    /// <exception cref="IOException">The index no longer exists or can't be read; the earlier state stays.</exception>
    /// <exception cref="SwanFormatException">The index is damaged; the earlier state stays.</exception>
    public bool Refresh() => _latest.Refresh();

    /// <summary>Whether a row has a key.</summary>
    /// <param name="key">The key.</param>
    /// <inheritdoc cref="SwanIndexSnapshot.Verify" path="/exception"/>
    public bool Contains(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Now(state => state.TryFind(key, out _));
    }

    /// <inheritdoc cref="SwanIndexSnapshot.Verify"/>
    public void Verify(IProgress<SwanIndexProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using SwanIndexSnapshot snapshot = Snapshot();
        snapshot.Verify(progress, cancellationToken);
    }

    /// <summary>Writes the latest state as a separate index, regardless of commits meanwhile.</summary>
    /// <inheritdoc cref="SwanIndexSnapshot.CopyTo"/>
    public void CopyTo(string folder, IProgress<SwanIndexProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using SwanIndexSnapshot snapshot = Snapshot();
        snapshot.CopyTo(folder, progress, cancellationToken);
    }

    /// <summary>Closes the index's files; a writer and snapshots stay open.</summary>
    /// <remarks>An index from a container, a vector store or a loaded pipeline belongs to that owner and stays open.</remarks>
    public void Dispose()
    {
        if (!IsShared) Close();
    }

    /// <summary>Whether it has another owner, who alone closes it.</summary>
    internal bool IsShared { get; }

    /// <summary>Opens an index for an owner, who hands it out.</summary>
    /// <inheritdoc cref="Open"/>
    internal static SwanLiveIndex OpenShared(string folder, SwanLiveIndexOptions? options, IndexOwner owner)
    {
        (IndexFolder place, options) = Checked(folder, options);
        return new SwanLiveIndex(place, options, owner);
    }

    /// <summary>Closes the index's files, whoever owns it.</summary>
    internal void Close() => _latest.Close();

    internal override GalleryView Enter() => _latest.Enter();

    internal override void Leave(GalleryView view) => ((IndexState)view).Leave();

    /// <summary>Takes the state that a writer of this object has committed; it is this object's from now on.</summary>
    internal void Publish(IndexState state) => _latest.Publish(state);

    private T Now<T>(Func<IndexState, T> read)
    {
        var state = (IndexState)Enter();
        try
        {
            return read(state);
        }
        finally
        {
            state.Leave();
        }
    }

    private static (IndexFolder Folder, SwanLiveIndexOptions Options) Checked(string folder, SwanLiveIndexOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        FilePath.ThrowIfNotText(folder);
        options ??= new SwanLiveIndexOptions();
        options.Check();
        return (new IndexFolder(folder), options);
    }

    private FileNotFoundException Missing(Exception cause) => new(
        File.Exists(_folder.Path)
            ? $"'{_folder.Path}' is a file, but a living index is a folder. Read .swanindex files with SwanIndex.Load, "
                + "or add their rows to a new index with SwanIndexWriter.Import."
            : $"There is no index in '{_folder.Path}': it has no 'manifest.json'. "
                + (FilePath.WhyMissing(_folder.Path) is { } why
                    ? $"It can't be there: {why}" : "Give the folder that SwanLiveIndex.Create made."),
        _folder.Manifest, cause);
}
