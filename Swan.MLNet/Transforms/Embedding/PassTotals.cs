using Swan.MLNet.Numerics;

namespace Swan.MLNet.Transforms;

/// <summary>The totals of all embedding passes that ended while this was observed, at any depth in a chain of steps.</summary>
/// <remarks>
/// A step that skips bad rows delivers nothing if all are bad, and its reader can't distinguish that from empty data. Passes find the
/// totals through the execution context, because ML.NET passes nothing from a reader to the steps below it. Safe for concurrent use.
/// </remarks>
internal sealed class PassTotals : IDisposable
{
    private static readonly AsyncLocal<PassTotals?> Current = new();
    private readonly Lock _lock = new();
    private readonly PassTotals? _outer;
    private long _rows, _faults;
    private string _reasons = "";

    private PassTotals() => _outer = Current.Value;

    /// <summary>Begins to observe; ends when it is disposed, on the same thread.</summary>
    public static PassTotals Observe() => Current.Value = new PassTotals();

    /// <summary>Adds a pass that has ended.</summary>
    public static void Add(PassStatistics pass)
    {
        if (Current.Value is not { } totals) return;
        lock (totals._lock)
        {
            totals._rows += pass.Rows;
            totals._faults += pass.Faults;
            if (totals._reasons.Length == 0) totals._reasons = pass.Reasons;
        }
    }

    /// <summary>Throws if rows were read and none could be embedded.</summary>
    /// <param name="column">The column of embeddings, for the message.</param>
    /// <exception cref="SwanNothingEmbeddedException">So it is.</exception>
    public void ThrowIfNothingEmbedded(string column)
    {
        lock (_lock)
        {
            if (_rows == 0 || _faults < _rows) return;
            throw new SwanNothingEmbeddedException(
                _rows,
                $"None of {Counted.Of(_rows, "row")} of '{column}' could be embedded: {_reasons} "
                + "Check the folder or disk that the images are on, and the column that is embedded.");
        }
    }

    public void Dispose() => Current.Value = _outer;
}
