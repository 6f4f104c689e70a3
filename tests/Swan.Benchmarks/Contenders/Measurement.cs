namespace Swan.Benchmarks.Contenders;

/// <summary>What one process measured.</summary>
/// <param name="Rows">Rows embedded.</param>
/// <param name="Seconds">
/// From before the cursor is opened to after the last row is read: the first batch and what is compiled in it are in, process start and
/// loading the network are not.
/// </param>
/// <param name="PeakBytes">The process's peak memory, loading included.</param>
/// <param name="ProcessorSeconds">
/// Processor time of the process meanwhile, over all threads: what a row costs, hardly dependent on what else runs.
/// </param>
/// <param name="OthersShare">The share of the machine's processor time that other processes took meanwhile; NaN where unknown.</param>
/// <param name="AllocatedBytes">Managed memory that was allocated meanwhile.</param>
/// <param name="Collections">Garbage collections meanwhile: of generation 0 alone, of 0 and 1, of all.</param>
/// <param name="Sample">The first embeddings, to see that all ran the same network.</param>
internal sealed record Measurement(long Rows, double Seconds, long PeakBytes, double ProcessorSeconds, double OthersShare, float[][] Sample,
    long AllocatedBytes, int[] Collections)
{
    public double Rate => Rows / Seconds;

    public double ProcessorMillisecondsPerRow => 1000 * ProcessorSeconds / Rows;
}
