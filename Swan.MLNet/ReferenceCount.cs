namespace Swan.MLNet;

/// <summary>Counts the users of a thing that must be closed once, after its last use. Safe for concurrent use.</summary>
/// <param name="close">Runs once, on the last user's thread.</param>
internal sealed class ReferenceCount(Action close)
{
    // Its owner is the first user.
    private int _users = 1;

    /// <summary>Begins a use; false when the thing is closed.</summary>
    public bool TryEnter()
    {
        int users = Volatile.Read(ref _users);
        while (users > 0)
        {
            int found = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (found == users) return true;
            users = found;
        }
        return false;
    }

    /// <summary>Ends a use, or the ownership.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0) close();
    }
}
