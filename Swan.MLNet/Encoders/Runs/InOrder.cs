namespace Swan.MLNet.Encoders;

/// <summary>Passes on the results of runs in the order of the runs, whatever the order and thread of their ends.</summary>
/// <remarks>A caller's sums of them have the same bits each time.</remarks>
/// <param name="runs">How many.</param>
/// <param name="take">Gets the number of a run and its embeddings.</param>
internal sealed class InOrder(int runs, Action<int, float[]> take)
{
    private readonly float[]?[] _ready = new float[]?[runs];
    private int _next;

    /// <summary>Keeps the result of a run. Safe for concurrent use.</summary>
    public void Add(int run, float[] embeddings) => Volatile.Write(ref _ready[run], embeddings);

    /// <summary>Hands on those whose turn has come, on this thread; one call at a time.</summary>
    public void HandOn()
    {
        while (_next < runs && Volatile.Read(ref _ready[_next]) is { } ready)
        {
            _ready[_next] = null;
            take(_next++, ready);
        }
    }
}
