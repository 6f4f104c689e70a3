namespace Swan.MLNet.Scheduling;

/// <summary>One holder's units of <see cref="Permits"/>; disposing it returns all of them, and it can take units again.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal class Permit : IDisposable
{
    private readonly Permits _permits;

    internal Permit(Permits permits) => _permits = permits;

    /// <summary>Units that are held.</summary>
    public long Units { get; internal set; }

    /// <summary>Waits for units; the permit must hold none.</summary>
    /// <exception cref="OperationCanceledException">Canceled while it waited; nothing is taken.</exception>
    /// <exception cref="ThreadInterruptedException">Interrupted while it waited; nothing is taken.</exception>
    public void Enter(long units, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_permits.Ask(this, units) is not { } request) return;
        try
        {
            using CancellationTokenRegistration registration = Register(request, cancellation);
            request.Task.GetAwaiter().GetResult();
        }
        catch
        {
            Leave(request);
            throw;
        }
    }

    /// <summary>As <see cref="Enter"/>, without holding a thread.</summary>
    public async Task EnterAsync(long units, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_permits.Ask(this, units) is not { } request) return;
        try
        {
            await using CancellationTokenRegistration registration = Register(request, cancellation);
            await request.Task.ConfigureAwait(false);
        }
        catch
        {
            Leave(request);
            throw;
        }
    }

    /// <summary>Takes more units if nobody waits and there are enough; never waits.</summary>
    public bool TryTake(long units) => _permits.TryTake(this, units);

    /// <summary>Takes more units, be there enough or not; never waits.</summary>
    public void Take(long units) => _permits.Resize(this, units, relative: true);

    /// <summary>Takes or gives back units, so that it holds this many; never waits.</summary>
    public void Become(long units) => _permits.Resize(this, units, relative: false);

    /// <summary>Gives back everything.</summary>
    public void Dispose() => Become(0);

    // If a wait ended without its units, nothing is granted later, and units granted meanwhile go back.
    private void Leave(PermitRequest request)
    {
        if (!_permits.Withdraw(request) && request.Task.IsCompletedSuccessfully) Dispose();
    }

    private static CancellationTokenRegistration Register(PermitRequest request, CancellationToken cancellation) =>
        cancellation.UnsafeRegister(static (state, token) => ((PermitRequest)state!).Cancel(token), request);
}
