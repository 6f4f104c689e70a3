using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>One state of a <see cref="SwanLiveIndex"/>, which later commits don't change.</summary>
/// <remarks>
/// For consistent pages of results, several queries of the same rows, and exports. It keeps its files open even if a later commit deleted
/// them; disposing it frees their disk space. Safe for concurrent use; dispose it after the last answer.
/// </remarks>
public sealed class SwanIndexSnapshot : SwanGallery, IDisposable
{
    private readonly IndexState _state;
    private int _disposed;

    /// <param name="state">The caller has entered it.</param>
    internal SwanIndexSnapshot(IndexState state) => _state = state;

    /// <inheritdoc/>
    public override int Count => State.Count;

    /// <inheritdoc/>
    public override int EmbeddingSize => State.Blocks.EmbeddingSize;

    /// <inheritdoc/>
    public override ModelIdentity? Model => State.Model;

    /// <inheritdoc/>
    public override IReadOnlyList<SwanColumn> Columns => Array.AsReadOnly(State.Columns);

    /// <summary>The number of the commit that made the state.</summary>
    public long Generation => State.Manifest.Generation;

    /// <summary>When the commit was made, UTC.</summary>
    public DateTime Written => State.Manifest.Written;

    internal override GivenRange? GivenRange => State.GivenRange;

    internal IndexState State => Volatile.Read(ref _disposed) == 0 ? _state : throw new ObjectDisposedException(nameof(SwanIndexSnapshot));

    /// <summary>All rows, in the order that settles equal scores; each is read on demand.</summary>
    /// <exception cref="SwanFormatException">The index is damaged.</exception>
    public IEnumerable<SwanRow> Rows() => All((state, row) => state.RowAt(row));

    /// <summary>The keys of all rows, in the order of <see cref="Rows"/>.</summary>
    /// <exception cref="SwanFormatException">The index is damaged.</exception>
    public IEnumerable<string> Keys() => All((state, row) => state.KeyOf(row));

    /// <summary>Copies the rows to an index in memory, which has no columns.</summary>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <exception cref="SwanFormatException">The index is damaged.</exception>
    public SwanIndex ToSwanIndex(CancellationToken cancellationToken = default) => Use(state =>
    {
        var gallery = new EmbeddingBlocks(state.EmbeddingSize);
        var keys = new List<string>(state.Count);
        foreach (int row in state.LiveRows())
        {
            if (gallery.Count % 1024 == 0) cancellationToken.ThrowIfCancellationRequested();
            (int segment, int at) = state.Blocks.Find(row);
            state.Segments[segment].Segment.Row(at).CopyTo(gallery.Next());
            gallery.Keep();
            keys.Add(state.KeyOf(row));
        }
        return new SwanIndex(gallery, keys, leftOut: 0, state.Model, state.GivenRange);
    });

    /// <summary>Writes the embeddings as a <c>.npy</c> file for NumPy: float32, N × D, in the order of <see cref="Keys"/>.</summary>
    /// <param name="path">The file; an old one is kept until the new one is complete.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="SwanFormatException">The index is damaged.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void ExportNpy(string path, CancellationToken cancellationToken = default) => Use(state =>
    {
        AtomicFile.Write(path, stream => NpyWriter.Write(stream, state.Count, state.EmbeddingSize, state.Embeddings(), cancellationToken));
        return 0;
    });

    /// <summary>Writes the state as a separate index with copies of the same files.</summary>
    /// <param name="folder">A folder that is empty or doesn't exist yet.</param>
    /// <param name="progress">Receives the number of bytes copied.</param>
    /// <param name="cancellationToken">Cancels the work; files already written stay.</param>
    /// <exception cref="IOException">The folder is not empty or can't be written to.</exception>
    /// <exception cref="SwanFormatException">The index is damaged; damaged data is not copied.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void CopyTo(string folder, IProgress<SwanIndexProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Use(state =>
        {
            new IndexCopy(state, progress, cancellationToken).To(folder);
            return 0;
        });
    }

    /// <summary>Compares all files with their checksums, and checks that their content meets the searches' requirements.</summary>
    /// <remarks>That is: rows of unit length, keys that are text and unique, and readable values.</remarks>
    /// <param name="progress">Receives the number of bytes compared.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="SwanFormatException">Something is damaged; the message names the file.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void Verify(IProgress<SwanIndexProgress>? progress = null, CancellationToken cancellationToken = default) => Use(state =>
    {
        new IndexVerification(state, progress, cancellationToken).Run();
        return 0;
    });

    /// <summary>Closes the state's files.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _state.Leave();
    }

    internal override GalleryView Enter() =>
        Volatile.Read(ref _disposed) == 0 && _state.TryEnter() ? _state : throw new ObjectDisposedException(nameof(SwanIndexSnapshot));

    internal override void Leave(GalleryView view) => ((IndexState)view).Leave();

    private T Use<T>(Func<IndexState, T> use)
    {
        var state = (IndexState)Enter();
        try
        {
            return use(state);
        }
        finally
        {
            state.Leave();
        }
    }

    // Disposing the snapshot meanwhile unmaps nothing before the enumeration ends.
    private IEnumerable<T> All<T>(Func<IndexState, int, T> read)
    {
        var state = (IndexState)Enter();
        try
        {
            foreach (int row in state.LiveRows()) yield return read(state, row);
        }
        finally
        {
            state.Leave();
        }
    }
}
