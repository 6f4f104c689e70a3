using System.Runtime.ExceptionServices;

namespace Swan.MLNet.Scheduling;

/// <summary>Runs parallel loops so that what one iteration throws comes out as itself.</summary>
internal static class ParallelWork
{
    /// <summary>Runs a loop of <see cref="Parallel"/>.</summary>
    /// <remarks>
    /// Callers tell exhausted memory from a bad row by the type of the exception, and an <see cref="AggregateException"/> hides it.
    /// Exhausted memory goes before what other iterations threw.
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
            ExceptionDispatchInfo.Throw(causes.FirstOrDefault(cause => cause is OutOfMemoryException) ?? causes[0]);
        }
    }
}
