namespace Swan.MLNet.Encoders;

/// <summary>Hands on the results of runs that end in any order, in the order of the runs and one at a time.</summary>
/// <remarks>Sums that a caller makes of them have the same bits each time. Safe for concurrent use.</remarks>
/// <param name="runs">How many.</param>
/// <param name="take">Gets the number of a run and its embeddings.</param>
internal sealed class InOrder(int runs, Action<int, float[]> take)
{
    private readonly Lock _lock = new();
    private readonly float[]?[] _ready = new float[]?[runs];
    private int _next;

    /// <summary>Takes the result of a run, and hands on those whose turn has come.</summary>
    public void Add(int run, float[] embeddings)
    {
        lock (_lock)
        {
            _ready[run] = embeddings;
            while (_next < runs && _ready[_next] is { } ready)
            {
                _ready[_next] = null;
                take(_next++, ready);
            }
        }
    }
}
