using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Search;

/// <summary>Reusable objects, so a search allocates nothing. Safe for concurrent use.</summary>
/// <param name="make">Makes one.</param>
/// <param name="most">The most unused objects to keep.</param>
internal sealed class Spare<T>(Func<T> make, int most)
    where T : class, ISpare
{
    private readonly Gate _gate = new();
    private readonly Stack<T> _spare = new(most);

    /// <summary>Takes an unused object, or makes one.</summary>
    public T Take()
    {
        using (_gate.Enter())
        {
            if (_spare.TryPop(out T? one)) return one;
        }
        return make();
    }

    /// <summary>Returns an object that is no longer used.</summary>
    public void GiveBack(T one)
    {
        one.Trim();
        using (_gate.Enter())
        {
            if (_spare.Count < most) _spare.Push(one);
        }
    }
}
