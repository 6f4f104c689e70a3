using System.Runtime.ExceptionServices;

namespace Swan.MLNet.Scheduling;

/// <summary>Runs parallel loops whose exceptions reach the caller unwrapped.</summary>
internal static class ParallelWork
{
    /// <summary>Runs a loop of <see cref="Parallel"/>.</summary>
    /// <remarks>
    /// Callers distinguish exhausted memory from a bad row by the exception's type, which an <see cref="AggregateException"/> hides.
    /// Exhausted memory takes precedence over other exceptions; a thread that could not be created comes last.
    /// </remarks>
    public static void Run(Action loop)
    {
        try
        {
            loop();
        }
        catch (AggregateException e)
        {
            IReadOnlyList<Exception> causes = e.Flatten().InnerExceptions;
            ExceptionDispatchInfo.Throw(
                causes.FirstOrDefault(cause => cause is OutOfMemoryException)
                ?? causes.FirstOrDefault(cause => cause is not TaskSchedulerException) ?? causes[0]);
        }
    }

    /// <summary>Does work that several threads share on this thread and on such others as the thread pool has.</summary>
    /// <param name="threads">The most threads, at least 1.</param>
    /// <param name="work">Does what is left; one thread alone must be able to do all of it.</param>
    /// <param name="cancellation">Ends it.</param>
    public static void Share(int threads, Action work, CancellationToken cancellation)
    {
        if (threads == 1)
        {
            work();
            return;
        }
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = threads };
        try
        {
            Run(() => Parallel.For(0, threads, options, _ => work()));
        }
        catch (TaskSchedulerException)
        {
            // The system gives the pool no more threads. Those that there were have ended, and none of them failed.
            work();
        }
    }
}
