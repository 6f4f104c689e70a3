namespace Swan.MLNet.Encoders;

/// <summary>A batch in runs of like size.</summary>
/// <remarks>The division depends only on the arguments, so the same batch gives the same bits again.</remarks>
/// <param name="Rows">Rows of the batch.</param>
/// <param name="Count">Runs.</param>
internal readonly record struct EvenRuns(int Rows, int Count)
{
    /// <summary>Divides a batch into equally many runs per processor, if it has enough rows.</summary>
    /// <param name="rows">Rows, at least 1.</param>
    /// <param name="most">The most rows in a run, at least 1.</param>
    /// <param name="atOnce">Runs at a time, at least 1.</param>
    public static EvenRuns Divide(int rows, int most, int atOnce)
    {
        long needed = (rows + (long)most - 1) / most, rounds = (needed + atOnce - 1) / atOnce;
        return new EvenRuns(rows, (int)Math.Min(rows, rounds * atOnce));
    }

    /// <summary>The first row of a run.</summary>
    public int First(int run) => (int)((long)Rows * run / Count);

    /// <summary>Rows of a run.</summary>
    public int Size(int run) => First(run + 1) - First(run);
}
