namespace Swan.MLNet.Search;

/// <summary>The state that a living index answers from: read from its folder, or given by its writer.</summary>
/// <remarks>Safe for concurrent use. Each state has one user here, which leaves it when another one takes its place.</remarks>
internal sealed class LatestState
{
    private readonly IndexWatch _watch;
    private readonly IndexOwner? _owner;
    private readonly Lock _publishing = new();
    private IndexState? _state;

    /// <summary>Opens the folder's state.</summary>
    /// <param name="folder">The index.</param>
    /// <param name="interval">See <see cref="SwanLiveIndexOptions.RefreshInterval"/>.</param>
    /// <param name="owner">The owner, who alone closes it; null: any holder.</param>
    /// <exception cref="IOException">The manifest isn't there or can't be read.</exception>
    /// <exception cref="SwanFormatException">The index is damaged.</exception>
    public LatestState(IndexFolder folder, TimeSpan interval, IndexOwner? owner)
    {
        _owner = owner;
        _watch = new IndexWatch(folder, interval);
        _watch.Look(null, out _state);
    }

    /// <summary>Uses the state, after a look where one is due.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    /// <exception cref="SwanFormatException">The index is damaged, and no owner reports it.</exception>
    public IndexState Enter()
    {
        LookIfDue();
        return Use();
    }

    /// <summary>Looks now.</summary>
    /// <returns>Whether there was a newer state.</returns>
    /// <exception cref="IOException">The index isn't there any more, or can't be read; the state before stays.</exception>
    /// <exception cref="SwanFormatException">The index is damaged; the state before stays.</exception>
    public bool Refresh()
    {
        using Lock.Scope turn = _watch.Enter();
        return Look();
    }

    /// <summary>Takes a state that has just been committed; it is this object's from now on.</summary>
    public void Publish(IndexState state)
    {
        using Lock.Scope turn = _watch.Enter();
        _watch.Forget();
        Replace(state);
    }

    /// <summary>Lets go of the state.</summary>
    public void Close()
    {
        IndexState? state;
        using (_publishing.EnterScope()) (state, _state) = (_state, null);
        state?.Leave();
    }

    private IndexState Use()
    {
        while (true)
        {
            IndexState state = Volatile.Read(ref _state) ?? throw _owner?.Error() ?? new ObjectDisposedException(nameof(SwanLiveIndex));
            // Otherwise a commit has just replaced it.
            if (state.TryEnter()) return state;
        }
    }

    // Checks in passing, unless another thread does. After a failure to read, it checks again after the interval.
    private void LookIfDue()
    {
        if (!_watch.IsDue || !_watch.TryEnter()) return;
        try
        {
            // Another thread may have looked while this one waited.
            if (_watch.IsDue) Look();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException
            || e is SwanFormatException && _owner is { Reports: true })
        {
            // The folder was moved, its disk is missing, or its owner reports the damage: the mapped files keep answering.
        }
        finally
        {
            _watch.Exit();
        }
    }

    // By who has the watch's turn.
    private bool Look()
    {
        IndexState state = Use();
        try
        {
            return _watch.Look(state, out IndexState? newer) && Replace(newer!);
        }
        finally
        {
            state.Leave();
        }
    }

    // By who has the watch's turn. The state is this object's from now on. False where this object is closed.
    private bool Replace(IndexState state)
    {
        IndexState? before;
        using (_publishing.EnterScope())
        {
            before = _state;
            if (before is not null) _state = state;
        }
        (before ?? state).Leave();
        return before is not null;
    }
}
