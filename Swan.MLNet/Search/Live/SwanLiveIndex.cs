using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Search;

/// <summary>A searchable gallery in a folder, to which rows are added, and in which they are replaced and removed, while it is searched.
/// </summary>
/// <remarks>
/// <para>Opening reads a page of each file, whatever their size: rows stay on disk, and the system keeps those in memory that are searched.
/// Each search answers by one state, the latest commit's; commits of other processes are seen within <see
/// cref="SwanLiveIndexOptions.RefreshInterval"/>. Searches never wait for a writer, and never see half a commit. Any number of processes
/// may read; one at a time writes (<see cref="OpenWriter"/>).</para>
/// <para>The folder may be copied with <see cref="CopyTo"/> and moved, but its files must not be changed or cut by anything but Swan: they
/// are mapped into memory. Bytes are compared with their checksums when a search first reads them, and all of them by <see cref="Verify"/>.
/// On a file system of a network, mapped files are read over the network; copy the folder to a disk instead.</para>
/// Safe for concurrent use. <see cref="Dispose"/> must come after the last answer.
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
    /// <remarks>Changes when the index is re-embedded with a model of another size.</remarks>
    public override int EmbeddingSize => Now(static state => state.Blocks.EmbeddingSize);

    /// <inheritdoc/>
    public override ModelIdentity? Model => Now(static state => state.Model);

    /// <inheritdoc/>
    public override IReadOnlyList<SwanColumn> Columns => Now(static state => Array.AsReadOnly(state.Columns));

    /// <summary>The number of the latest commit that this object has seen; it rises with each.</summary>
    public long Generation => Now(static state => state.Manifest.Generation);

    /// <summary>The folder, in full.</summary>
    public string Folder => _folder.Path;

    internal override GivenRange? GivenRange => Now(static state => state.GivenRange);

    /// <summary>Makes an index without rows.</summary>
    /// <param name="folder">A folder that holds no index; it is created.</param>
    /// <param name="settings">What it will hold.</param>
    /// <param name="options">How it is opened then; null: as by default.</param>
    /// <exception cref="ArgumentException">The settings are not valid.</exception>
    /// <exception cref="IOException">The folder holds an index already, or one that lost its manifest, or can't be written to.</exception>
    /// <exception cref="SwanIndexLockedException">Somebody makes one there now.</exception>
    public static SwanLiveIndex Create(string folder, SwanIndexSettings settings, SwanLiveIndexOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (IndexFolder place, options) = Checked(folder, options);
        ManifestRows rows = settings.ToRows();
        place.Create();
        using (WriterLock.Take(place, WriterLock.ThisProgram))
        {
            if (File.Exists(place.Manifest))
                throw new IOException($"There is an index in '{place.Path}' already. Open it, or choose another folder.");
            if (Directory.Exists(place.Segments) && Directory.EnumerateFileSystemEntries(place.Segments).Any())
            {
                throw new IOException(
                    $"'{place.Path}' has no manifest.json, but there are files in its folder 'segments'. They may be the rows of an index "
                    + "that lost its manifest, and its writer would remove them. Choose another folder, copy the manifest back, or move "
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

    /// <summary>Opens an index, in milliseconds whatever its size.</summary>
    /// <param name="folder">A folder that <see cref="Create"/> or <see cref="CopyTo"/> made. Nothing is written to it.</param>
    /// <param name="options">How; null: as by default.</param>
    /// <exception cref="FileNotFoundException">There is no index in the folder.</exception>
    /// <exception cref="SwanFormatException">The index is damaged, or of another version; the message names the file.</exception>
    public static SwanLiveIndex Open(string folder, SwanLiveIndexOptions? options = null)
    {
        (IndexFolder place, options) = Checked(folder, options);
        return new SwanLiveIndex(place, options);
    }

    /// <summary>Becomes the index's writer, until that is disposed.</summary>
    /// <param name="options">How; null: as by default.</param>
    /// <exception cref="SwanIndexLockedException">There is a writer already, in this process or another; the message names it.</exception>
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

    /// <summary>Looks whether another process has committed, and takes its state.</summary>
    /// <returns>Whether there was a newer state.</returns>
    /// <exception cref="IOException">The index isn't there any more, or can't be read; the state before stays.</exception>
    /// <exception cref="SwanFormatException">The index is damaged; the state before stays.</exception>
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

    /// <summary>Writes the latest state as an index of its own, whatever is committed meanwhile.</summary>
    /// <inheritdoc cref="SwanIndexSnapshot.CopyTo"/>
    public void CopyTo(string folder, IProgress<SwanIndexProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using SwanIndexSnapshot snapshot = Snapshot();
        snapshot.CopyTo(folder, progress, cancellationToken);
    }

    /// <summary>Lets go of the index's files; a writer and snapshots live on.</summary>
    /// <remarks>One that a container, a vector store or a loaded pipeline handed out is theirs: it stays open.</remarks>
    public void Dispose()
    {
        if (!IsShared) Close();
    }

    /// <summary>Whether somebody else owns it, who alone closes it.</summary>
    internal bool IsShared { get; }

    /// <summary>Opens an index for an owner, who hands it out.</summary>
    /// <inheritdoc cref="Open"/>
    internal static SwanLiveIndex OpenShared(string folder, SwanLiveIndexOptions? options, IndexOwner owner)
    {
        (IndexFolder place, options) = Checked(folder, options);
        return new SwanLiveIndex(place, options, owner);
    }

    /// <summary>Lets go of the index's files, whoever owns it.</summary>
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
            ? $"'{_folder.Path}' is a file, but an index that lives is a folder. SwanIndex.Load reads .swanindex files; "
                + "SwanIndexWriter.Import brings their rows into a new index."
            : $"There is no index in '{_folder.Path}': it has no 'manifest.json'. "
                + (FilePath.WhyMissing(_folder.Path) is { } why
                    ? $"It can't be there: {why}" : "Give the folder that SwanLiveIndex.Create made."),
        _folder.Manifest, cause);
}
