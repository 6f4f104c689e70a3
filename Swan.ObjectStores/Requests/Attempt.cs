namespace Swan.ObjectStores.Requests;

/// <summary>One attempt at a request: its limits of time, and what the server answered.</summary>
internal sealed class Attempt : IDisposable
{
    // How long a request that was given up may take to end before it is left alone.
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(500);
    private static readonly AsyncLocal<Attempt?> s_current = new();

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenSource _whole;
    private readonly TimeSpan _stall;
    private readonly List<AttemptContent> _contents = [];

    /// <param name="stall">Without progress for so long, the attempt ends.</param>
    /// <param name="left">It ends then in any case.</param>
    /// <param name="cancellation">Ends it at once.</param>
    public Attempt(TimeSpan stall, TimeSpan left, CancellationToken cancellation)
    {
        _stall = stall;
        _whole = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _whole.Token);
        Progress();
    }

    /// <summary>The one that this flow of control belongs to.</summary>
    public static Attempt? Current => s_current.Value;

    public CancellationToken Token => _source.Token;

    /// <summary>Whether the whole time is up.</summary>
    public bool IsOutOfTime => _whole.IsCancellationRequested;

    /// <summary>The last answer.</summary>
    public Answer? Answer { get; set; }

    /// <summary>What went wrong with what is to be sent, which is no fault of the store.</summary>
    public Exception? ContentError { get; set; }

    /// <summary>Bytes were sent or received, or an answer came.</summary>
    public void Progress()
    {
        try
        {
            _source.CancelAfter(_stall);
        }
        catch (ObjectDisposedException)
        {
            // An abandoned request may continue for a moment.
        }
    }

    /// <summary>Part of a content as this attempt's own, which ends with it.</summary>
    public AttemptContent Send(Stream content, long offset, long length)
    {
        var part = new AttemptContent(content, offset, length, this);
        _contents.Add(part);
        return part;
    }

    /// <summary>Makes the request; where it doesn't end when it should, it is left alone.</summary>
    public async Task<T> RunAsync<T>(Func<Attempt, Task<T>> request)
    {
        s_current.Value = this;
        Task<T> task = request(this);
        try
        {
            return await task.WaitAsync(Token).ConfigureAwait(false);
        }
        finally
        {
            if (!task.IsCompleted)
            {
                await Task.WhenAny(task, Task.Delay(s_grace, CancellationToken.None)).ConfigureAwait(false);
                _ = task.ContinueWith(
                    static t =>
                    {
                        if (t.IsCompletedSuccessfully) (t.Result as IDisposable)?.Dispose();
                        else _ = t.Exception;
                    }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
            // The next attempt reads the same content, so this one must stop reading it.
            foreach (AttemptContent content in _contents) await content.EndAsync().ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _source.Dispose();
        _whole.Dispose();
    }
}
