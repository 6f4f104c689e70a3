using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Search;

/// <summary>Objects that are used again, so that a search allocates nothing. Safe for concurrent use.</summary>
/// <param name="make">Makes one.</param>
/// <param name="most">How many are kept while nobody uses them.</param>
internal sealed class Spare<T>(Func<T> make, int most)
    where T : class, ISpare
{
    private readonly Gate _gate = new();
    private readonly Stack<T> _spare = new(most);

    /// <summary>One that nobody uses, or a new one.</summary>
    public T Take()
    {
        using (_gate.Enter())
        {
            if (_spare.TryPop(out T? one)) return one;
        }
        return make();
    }

    /// <summary>Gives one back, which nobody uses any more.</summary>
    public void GiveBack(T one)
    {
        one.Trim();
        using (_gate.Enter())
        {
            if (_spare.Count < most) _spare.Push(one);
        }
    }
}
