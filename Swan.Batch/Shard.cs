using System.Globalization;

namespace Swan.Batch;

/// <summary>One of several jobs that share a list of images.</summary>
/// <remarks>Shard i of n takes rows i, i + n, i + 2n, … of the list, so that costly stretches of it are spread. Immutable.</remarks>
public sealed record Shard
{
    /// <summary>The environment variable that Kubernetes gives each pod of an indexed job; its value is the pod's number, from 0.</summary>
    public const string IndexVariable = "JOB_COMPLETION_INDEX";

    /// <summary>The most shards of a list: file names have five digits for them.</summary>
    public const int MaxCount = 99_999;

    /// <summary>Makes the shard.</summary>
    /// <param name="index">Its number, 0 to <paramref name="count"/> − 1.</param>
    /// <param name="count">How many shards there are, 1 to <see cref="MaxCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such shard.</exception>
    public Shard(int index, int count)
    {
        if (Fault(index, count) is { } fault) throw new ArgumentOutOfRangeException(nameof(index), $"Shard {index}/{count}: {fault}");
        (Index, Count) = (index, count);
    }

    /// <summary>All rows in one shard.</summary>
    public static Shard All { get; } = new(0, 1);

    /// <summary>Its number, from 0.</summary>
    public int Index { get; }

    /// <summary>How many shards there are.</summary>
    public int Count { get; }

    /// <summary>Reads a shard such as <c>0/8</c>, the first of eight.</summary>
    /// <param name="text">Index and count with a slash between, in decimal digits.</param>
    /// <exception cref="FormatException">The text is no shard.</exception>
    public static Shard Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('/');
        if (parts.Length != 2 || !IsNumber(parts[0], out int index) || !IsNumber(parts[1], out int count))
            throw new FormatException($"The shard is '{text}'; expected i/n, such as 0/8: the first of eight.");
        return Fault(index, count) is { } fault ? throw new FormatException($"The shard is '{text}'; {fault}") : new Shard(index, count);
    }

    /// <summary>Takes the shard's number from <see cref="IndexVariable"/>.</summary>
    /// <param name="count">How many shards there are: the job's <c>completions</c>.</param>
    /// <exception cref="FormatException">The variable is missing, or its value is not the number of a shard.</exception>
    public static Shard FromEnvironment(int count) => FromEnvironment(count, Environment.GetEnvironmentVariable(IndexVariable));

    internal static Shard FromEnvironment(int count, string? completionIndex)
    {
        if (string.IsNullOrEmpty(completionIndex))
        {
            throw new FormatException(
                $"There are {count} shards, but the environment has no {IndexVariable} to say which of them this is. "
                + "Kubernetes sets it in jobs with completionMode: Indexed; elsewhere, name the shard: i/n.");
        }

        if (!IsNumber(completionIndex, out int index))
            throw new FormatException($"{IndexVariable} is '{completionIndex}'; expected a number from 0.");
        return Fault(index, count) is { } fault
            ? throw new FormatException($"{IndexVariable} is '{completionIndex}' of {count} shards; {fault}")
            : new Shard(index, count);
    }

    /// <summary>Whether a row of the list belongs to this shard.</summary>
    /// <param name="row">Its number in the whole list, from 0.</param>
    public bool Takes(long row) => row % Count == Index;

    /// <summary>How many of the list's rows this shard takes.</summary>
    /// <param name="listRows">The rows of the whole list.</param>
    public long CountRows(long listRows) => Index < listRows ? (listRows - 1 - Index) / Count + 1 : 0;

    /// <summary>Index and count, such as <c>0/8</c>.</summary>
    public override string ToString() => $"{Index}/{Count}";

    private static string? Fault(int index, int count) =>
        count is < 1 or > MaxCount ? $"expected 1 to {MaxCount} shards, numbered 0 to n - 1."
        : index < 0 || index >= count ? $"expected 1 to {MaxCount} shards, numbered 0 to {count - 1}."
        : null;

    private static bool IsNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
