using Swan.MLNet;

namespace Swan.Training;

/// <summary>Which options of a run may change when it is resumed.</summary>
internal static class ResumedOptions
{
    /// <summary>Refuses options with which a continued run would be a mix of two runs.</summary>
    /// <param name="folder">The run's, for messages.</param>
    /// <param name="begun">The options that it was begun with.</param>
    /// <param name="asked">Those that the resumed run is to have.</param>
    /// <param name="done">How many epochs it has done.</param>
    /// <exception cref="SwanMismatchException">An option differs that changes what the run computes; the message names it.</exception>
    public static void Check(string folder, SwanTrainerOptions begun, SwanTrainerOptions asked, int done)
    {
        IReadOnlyDictionary<string, string> before = SwanTrainerOptionsJson.Flatten(Comparable(begun)),
            now = SwanTrainerOptionsJson.Flatten(Comparable(asked));
        string[] differences = [.. before.Keys.Union(now.Keys)
            .Where(k => before.GetValueOrDefault(k) != now.GetValueOrDefault(k))
            .Order(StringComparer.Ordinal)
            .Select(k => $"{k} was {before.GetValueOrDefault(k) ?? "not given"}, and is now {now.GetValueOrDefault(k) ?? "not given"}")];
        if (differences.Length > 0)
        {
            throw new SwanMismatchException(
                $"'{folder}' was begun with other options than those given, so continuing would mix two runs: "
                + $"{string.Join("; ", differences)}. {WhyLengthMatters(begun, asked)}"
                + $"Resume with the options of its {SwanRun.ConfigFile}, "
                + "or start a new run in another folder.");
        }
        if (asked.Epochs < done)
        {
            throw new SwanMismatchException(
                $"'{folder}' has completed {done} epochs, more than the {asked.Epochs} requested. Request at least {done}, or start a "
                + "new run in another folder.");
        }
    }

    // How often to validate and where to run may change; what the run computes may not. A cosine falls to zero over the whole run: with
    // another length, every rate would have been another one.
    private static SwanTrainerOptions Comparable(SwanTrainerOptions options)
    {
        bool lengthMatters = options.Schedule == ScheduleKind.Cosine;
        return options with
        {
            Epochs = lengthMatters ? options.Epochs : 1,
            Minutes = lengthMatters ? options.Minutes : null,
            Device = SwanDevice.Auto,
            Threads = 0,
            Patience = 0,
            CheckpointMinutes = 1,
            CacheMegabytes = 0,
            ValidateEvery = 1,
        };
    }

    private static string WhyLengthMatters(SwanTrainerOptions begun, SwanTrainerOptions asked) =>
        begun.Schedule == ScheduleKind.Cosine && (begun.Epochs, begun.Minutes) != (asked.Epochs, asked.Minutes)
            ? "The learning rates of a cosine schedule depend on the length of the whole run. "
            : "";
}
