namespace Swan.VectorData.Collections;

/// <summary>Who writes an index when, within this process. Safe for concurrent use.</summary>
internal static class WriteTurns
{
    private static readonly Dictionary<string, Turns> s_turns = new(StringComparer.Ordinal);

    /// <summary>Waits for the turn to write an index, which is disposing the result's.</summary>
    /// <param name="folder">The index, in full.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static async Task<IDisposable> TakeAsync(string folder, CancellationToken cancellation)
    {
        Turns turns;
        lock (s_turns)
        {
            if (!s_turns.TryGetValue(folder, out turns!)) s_turns.Add(folder, turns = new Turns(folder));
            turns.Users++;
        }
        try
        {
            await turns.Free.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            turns.Leave();
            throw;
        }
        return new Turn(turns);
    }

    private sealed class Turns(string folder)
    {
        public SemaphoreSlim Free { get; } = new(1, 1);

        public int Users { get; set; }

        public void Leave()
        {
            lock (s_turns)
            {
                if (--Users == 0) s_turns.Remove(folder);
            }
        }
    }

    private sealed class Turn(Turns turns) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) != 0) return;
            turns.Free.Release();
            turns.Leave();
        }
    }
}
