namespace Swan.MLNet.Search;

/// <summary>One query, from the call that brings it to its results. Used again.</summary>
internal sealed class SingleQuery : ISpare
{
    /// <summary>What a scan asks for: one query's best rows.</summary>
    public BestRows[] Best { get; } = [new BestRows()];

    /// <summary>The query at unit length: D values.</summary>
    public float[] Unit { get; private set; } = [];

    /// <summary>Ends the wait for a scan, and a scan that nobody else wants.</summary>
    public CancellationToken Cancellation { get; private set; }

    /// <summary>A scan for it has ended.</summary>
    public bool IsDone { get; set; }

    /// <summary>The scan had other queries, too.</summary>
    public bool WasShared { get; set; }

    /// <summary>Why the scan failed, if it did; by another query, maybe, where it was shared.</summary>
    public Exception? Fault { get; set; }

    /// <summary>It shares no scan with others.</summary>
    public bool IsAlone { get; private set; }

    /// <param name="dimension">D.</param>
    /// <param name="wanted">What it asks for.</param>
    /// <param name="cancellation">Ends the search.</param>
    public void Begin(int dimension, Wanted wanted, CancellationToken cancellation)
    {
        if (Unit.Length != dimension) Unit = new float[dimension];
        Cancellation = cancellation;
        Begin(wanted, isAlone: false);
    }

    /// <summary>Begins once more, with a scan of its own.</summary>
    public void BeginAlone() => Begin(Best[0].Wanted, isAlone: true);

    public void Trim() => Best[0].Trim();

    private void Begin(Wanted wanted, bool isAlone)
    {
        Best[0].Reset(wanted);
        (IsDone, WasShared, Fault, IsAlone) = (false, false, null, isAlone);
    }
}
