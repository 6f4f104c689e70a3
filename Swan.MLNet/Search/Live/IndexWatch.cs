using System.Diagnostics;

namespace Swan.MLNet.Search;

/// <summary>Checks whether an index's manifest has changed, at most once per interval.</summary>
/// <remarks>
/// The file's time and length show a change. A file system's clock has steps, so a manifest read within 50 ms of its time could change
/// again without a new time. It is unsettled, and is read again at the next check. If the time is a whole second, steps may be two seconds
/// long. Whoever checks, or takes another state, holds the turn from reading the known state to replacing it. Otherwise the seen file and
/// the answering state could belong to two commits, and no later check would find that.
/// </remarks>
internal sealed class IndexWatch(IndexFolder folder, TimeSpan interval)
{
    private static readonly TimeSpan Settles = TimeSpan.FromMilliseconds(50), SettlesByTheSecond = TimeSpan.FromSeconds(2.1);

    private readonly Lock _turn = new();
    private long _lastLook;
    private (DateTime Time, long Length)? _seen;

    /// <summary>Whether a search has to look.</summary>
    public bool IsDue => interval != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(Volatile.Read(ref _lastLook)) >= interval;

    /// <summary>Waits for the turn.</summary>
    public Lock.Scope Enter() => _turn.EnterScope();

    /// <summary>Takes the turn for a look in passing.</summary>
    /// <returns>False where another thread has it, whose look is enough.</returns>
    public bool TryEnter()
    {
        // Without an interval, a search waits for a call to the file system; others answer from their state.
        if (interval == TimeSpan.Zero) _turn.Enter();
        else if (!_turn.TryEnter()) return false;
        return true;
    }

    /// <summary>Gives back what <see cref="TryEnter"/> took.</summary>
    public void Exit() => _turn.Exit();

    /// <summary>Looks; the caller has the turn.</summary>
    /// <param name="state">The state that is known; null: none.</param>
    /// <param name="newer">The state that the folder has now, whose user the caller is; null where it is the one that is known.</param>
    /// <returns>Whether there is a newer one.</returns>
    /// <exception cref="IOException">The manifest or a file of it isn't there or can't be read.</exception>
    /// <exception cref="SwanFormatException">A file is damaged.</exception>
    public bool Look(IndexState? state, out IndexState? newer)
    {
        newer = null;
        Volatile.Write(ref _lastLook, Stopwatch.GetTimestamp());
        var file = new FileInfo(folder.Manifest);
        // Before it is read, so the next check sees what is written in between.
        (DateTime Time, long Length)? stamp = file.Exists ? (file.LastWriteTimeUtc, file.Length) : null;
        if (state is not null && stamp is not null && stamp == _seen) return false;
        bool settled = stamp is { } found && DateTime.UtcNow - found.Time > (IsWhole(found.Time) ? SettlesByTheSecond : Settles);
        if (state is null || !IndexManifestFile.ReadBytes(folder).AsSpan().SequenceEqual(state.ManifestBytes))
            newer = IndexState.OpenLatest(folder, state?.Segments ?? []);
        _seen = settled ? stamp : null;
        return newer is not null;
    }

    /// <summary>Has the next look read the manifest; the caller has the turn.</summary>
    public void Forget() => _seen = null;

    private static bool IsWhole(DateTime time) => time.Ticks % TimeSpan.TicksPerSecond == 0;
}
