using System.Globalization;

namespace Swan.Batch;

/// <summary>One of several jobs that share a list: shard i of n takes rows i, i + n, i + 2n, … so that costly stretches of the list are spread.</summary>
/// <param name="Index">0-based, as Kubernetes counts the pods of an indexed job.</param>
/// <param name="Count">How many shards there are.</param>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>What Kubernetes tells each pod of an indexed job.</summary>
    public const string IndexVariable = "JOB_COMPLETION_INDEX";

    /// <summary>The most shards: names have five digits.</summary>
    public const int Most = 99_999;

    public bool Takes(long row) => row % Count == Index;

    /// <summary>How many of the list's rows this shard takes.</summary>
    public long Rows(long all) => Index < all ? (all - 1 - Index) / Count + 1 : 0;

    /// <summary>From <c>--shard i/n</c>, or from <c>--shards n</c> and <see cref="IndexVariable"/>; 0 of 1 without either.</summary>
    /// <exception cref="UnusableException">Not a shard.</exception>
    public static Shard Parse(string? shard, int? shards, string? completionIndex)
    {
        if (shard is not null && shards is not null) throw new UnusableException("Both --shard and --shards are given. Give --shard i/n, or --shards n where the environment has JOB_COMPLETION_INDEX.");
        if (shard is null && shards is null) return new Shard(0, 1);
        if (shard is not null)
        {
            string[] parts = shard.Split('/');
            return parts.Length == 2 && Number(parts[0], out int i) && Number(parts[1], out int n)
                ? Checked(i, n, $"--shard {shard}")
                : throw new UnusableException($"--shard is '{shard}'; expected i/n, such as 0/8: the first of eight.");
        }

        if (string.IsNullOrEmpty(completionIndex))
            throw new UnusableException($"--shards is {shards}, but the environment has no {IndexVariable} to say which of them this is. Kubernetes sets it in jobs with completionMode: Indexed; elsewhere, give --shard i/n.");
        return Number(completionIndex, out int index)
            ? Checked(index, shards!.Value, $"{IndexVariable}={completionIndex} --shards {shards}")
            : throw new UnusableException($"{IndexVariable} is '{completionIndex}'; expected a number from 0.");
    }

    public override string ToString() => $"{Index}/{Count}";

    private static Shard Checked(int index, int count, string given) => count is >= 1 and <= Most && index < count
        ? new Shard(index, count)
        : throw new UnusableException($"{given}: expected 1 to {Most} shards, numbered 0 to {(count is >= 1 and <= Most ? count - 1 : "n - 1")}.");

    private static bool Number(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
