namespace Swan.Training;

/// <summary>A run's time over all its resumed parts, and what it says about the time that is left.</summary>
/// <param name="limit">Seconds that the run may take; infinity for no limit.</param>
/// <param name="time">Measures; the system's by default.</param>
internal sealed class RunClock(double limit, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private long? _started, _learningStarted;
    private double _runBefore, _learningBefore;

    /// <summary>Seconds since the run began.</summary>
    public double Seconds => _runBefore + Since(_started);

    /// <summary>The share of the limit that is over; 0 without one.</summary>
    public double Share => Seconds / limit;

    /// <summary>Whether the limit is reached.</summary>
    public bool IsOver => Seconds >= limit;

    /// <summary>Seconds that the epoch's steps have taken.</summary>
    public double LearnSeconds => _learningBefore + Since(_learningStarted);

    /// <summary>Seconds that the last validation took; 0 before the first.</summary>
    public double ValidationSeconds { get; private set; }

    /// <summary>Starts, or goes on from what earlier parts of the run have used.</summary>
    public void Start(TrainingPosition at)
    {
        (_runBefore, _learningBefore) = (at.Seconds, at.LearnSeconds);
        _started = _time.GetTimestamp();
    }

    /// <summary>Time counts as learning until the result is disposed.</summary>
    public IDisposable Learn()
    {
        _learningStarted = _time.GetTimestamp();
        return new Learning(this);
    }

    /// <summary>Measures a validation.</summary>
    public T Validate<T>(Func<T> validation)
    {
        double before = Seconds;
        T result = validation();
        ValidationSeconds = Seconds - before;
        return result;
    }

    /// <summary>The next epoch's steps count from 0.</summary>
    public void NextEpoch()
    {
        (_learningStarted, _learningBefore) = (null, 0);
    }

    /// <summary>The position with the time so far.</summary>
    public TrainingPosition Stamp(TrainingPosition at) => at with { Seconds = Seconds, LearnSeconds = LearnSeconds };

    /// <summary>An estimate from the epoch's speed and the last validation; at most what is left of the limit.</summary>
    /// <param name="batches">Steps done of the epoch; at least 1.</param>
    /// <param name="batchesLeft">Steps left of the run.</param>
    /// <param name="validationsLeft">Validations left of the run.</param>
    public TimeSpan Remaining(int batches, long batchesLeft, int validationsLeft)
    {
        double seconds = batchesLeft * LearnSeconds / batches + validationsLeft * ValidationSeconds;
        return TimeSpan.FromSeconds(Math.Max(0, Math.Min(seconds, limit - Seconds)));
    }

    private double Since(long? start) => start is { } from ? _time.GetElapsedTime(from).TotalSeconds : 0;

    private sealed class Learning(RunClock clock) : IDisposable
    {
        public void Dispose() => (clock._learningBefore, clock._learningStarted) = (clock.LearnSeconds, null);
    }
}
