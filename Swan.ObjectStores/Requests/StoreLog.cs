using Microsoft.Extensions.Logging;

namespace Swan.ObjectStores.Requests;

/// <summary>What stores write to an <see cref="ILogger"/>; event ids are stable.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(1, LogLevel.Warning,
        "{Name} could not be {Doing}: {Found}. Attempt {Number} of {Attempts}; the next one in {Seconds:0.##} s.")]
    public static partial void AttemptFailed(
        this ILogger logger, string name, string doing, string found, int number, int attempts, double seconds);
}
