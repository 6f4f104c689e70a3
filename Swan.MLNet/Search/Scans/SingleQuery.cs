namespace Swan.MLNet.Search;

/// <summary>One query, from the call that brings it to its results. Used again.</summary>
internal sealed class SingleQuery
{
    /// <summary>What a scan asks for: one query's best rows.</summary>
    public BestRows[] Best { get; } = [new BestRows()];

    /// <summary>The query at unit length: D values.</summary>
    public float[] Unit { get; private set; } = [];

    /// <summary>Ends the wait for a scan, and a scan that nobody shares.</summary>
    public CancellationToken Cancellation { get; private set; }

    /// <summary>A scan for it has ended.</summary>
    public bool IsDone { get; set; }

    /// <summary>Why the scan failed, if it did.</summary>
    public Exception? Fault { get; set; }

    public void Begin(int dimension, int k, CancellationToken cancellation)
    {
        if (Unit.Length != dimension) Unit = new float[dimension];
        Best[0].Reset(k);
        (IsDone, Fault, Cancellation) = (false, null, cancellation);
    }
}
