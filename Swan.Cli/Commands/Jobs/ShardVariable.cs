using System.Globalization;
using Swan.Batch;

namespace Swan.Cli.Commands;

/// <summary>The variables by which schedulers tell a task which one it is.</summary>
internal static class ShardVariable
{
    private static readonly string[] s_names = ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "AZ_BATCH_TASK_ID"];

    /// <summary>The shard that the environment names; null where no scheduler has set anything.</summary>
    /// <param name="variable">Gives a variable.</param>
    /// <exception cref="SwanBatchException">A variable is set, but names no shard.</exception>
    public static int? Read(Func<string, string?> variable)
    {
        foreach (string name in s_names)
        {
            if (variable(name) is not { Length: > 0 } text) continue;
            // Azure Batch names tasks: shard-00007.
            int digits = text.Length;
            while (digits > 0 && char.IsAsciiDigit(text[digits - 1])) digits--;
            if (int.TryParse(text[digits..], NumberStyles.None, CultureInfo.InvariantCulture, out int shard)) return shard;
            throw new SwanBatchException($"{name} is '{text}', which doesn't end in a number. Name the shard with --shard.");
        }
        return null;
    }
}
