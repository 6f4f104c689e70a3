namespace Swan.MLNet.Scheduling;

/// <summary>A number of units, such as bytes or turns, to take and return.</summary>
/// <remarks>
/// Waiting requests are served in order, and none overtakes another. A request for more units than exist is granted alone, when nothing
/// else is taken. Safe for concurrent use; an interrupt ends only a wait in line.
/// </remarks>
internal sealed class Permits(long limit)
{
    private readonly Gate _gate = new();
    private readonly LinkedList<PermitRequest> _waiting = new();
    private long _limit = limit;
    private long _taken;

    /// <summary>Units that may be taken at a time. What is taken already stays taken when this falls.</summary>
    public long Limit
    {
        get
        {
            using (_gate.Enter()) return _limit;
        }

        set
        {
            using (_gate.Enter())
            {
                _limit = value;
                Admit();
            }
        }
    }

    /// <summary>Units that are taken now; more than <see cref="Limit"/> only for a request that is larger, or by
    /// <see cref="Permit.Take"/>.</summary>
    public long Taken
    {
        get
        {
            using (_gate.Enter()) return _taken;
        }
    }

    /// <summary>Requests that wait now.</summary>
    public int Waiting
    {
        get
        {
            using (_gate.Enter()) return _waiting.Count;
        }
    }

    /// <summary>Whether a unit could be taken now: nobody waits, and not all are taken.</summary>
    public bool HasFree
    {
        get
        {
            using (_gate.Enter()) return _waiting.Count == 0 && Fits(1);
        }
    }

    /// <summary>Makes a permit without units.</summary>
    public Permit Hold() => new(this);

    /// <summary>Makes a permit without units for what may be forgotten.</summary>
    public CursorPermit HoldForCursor() => new(this);

    /// <summary>Makes a permit, and waits for its units.</summary>
    /// <exception cref="OperationCanceledException">Canceled while it waited; nothing is taken.</exception>
    public Permit Enter(long units, CancellationToken cancellation)
    {
        Permit permit = Hold();
        permit.Enter(units, cancellation);
        return permit;
    }

    /// <summary>Grants a request at once, or puts it at the end of the line.</summary>
    /// <returns>Null if it was granted.</returns>
    internal PermitRequest? Ask(Permit permit, long units)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        using (_gate.Enter())
        {
            if (permit.Units > 0)
            {
                throw new InvalidOperationException(
                    $"A permit that holds {permit.Units} units must not wait for more: two such holders could wait for each other.");
            }
            if (_waiting.Count == 0 && Fits(units))
            {
                Grant(permit, units);
                return null;
            }
            var request = new PermitRequest(this, permit, units);
            _waiting.AddLast(request);
            return request;
        }
    }

    /// <summary>Takes a request out of the line.</summary>
    /// <returns>False if it has been granted meanwhile.</returns>
    internal bool Withdraw(PermitRequest request)
    {
        using (_gate.Enter())
        {
            if (!_waiting.Remove(request)) return false;
            Admit();
            return true;
        }
    }

    internal bool TryTake(Permit permit, long units)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        using (_gate.Enter())
        {
            if (_waiting.Count > 0 || !Fits(units)) return false;
            Grant(permit, units);
            return true;
        }
    }

    internal void Resize(Permit permit, long units, bool relative)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        using (_gate.Enter())
        {
            Grant(permit, relative ? units : units - permit.Units);
            Admit();
        }
    }

    private bool Fits(long units) => _taken == 0 || units <= _limit - _taken;

    private void Grant(Permit permit, long units)
    {
        permit.Units += units;
        _taken += units;
    }

    private void Admit()
    {
        while (_waiting.First is { Value: var first } && Fits(first.Units))
        {
            _waiting.RemoveFirst();
            Grant(first.Permit, first.Units);
            first.Granted();
        }
    }
}
