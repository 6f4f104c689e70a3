using System.Globalization;

namespace Swan.Cli.Submission;

/// <summary>A run as a scheduler gets it: how many shards there are, and what does one of them. Without secrets.</summary>
/// <param name="Number">The run's number, from 1.</param>
/// <param name="Id">The run's unique id.</param>
/// <param name="Shards">How many, 1 or more.</param>
/// <param name="Output">The job's output.</param>
/// <param name="StoreOptions">How stores are reached: options of <c>swan job run</c> and <c>status</c>.</param>
internal sealed record PlannedRun(int Number, string Id, int Shards, string Output, IReadOnlyList<string> StoreOptions)
{
    /// <summary>What each file says of itself; only such a file is replaced or removed.</summary>
    public const string Origin = "Written by swan job plan";

    /// <summary>How often a shard that failed is tried again.</summary>
    public const int Retries = 6;

    /// <summary>How the machine is used: options of <c>swan job run</c> alone.</summary>
    public IReadOnlyList<string> MachineOptions { get; init; } = [];

    /// <summary>The model's file; null: what the job says.</summary>
    public string? Model { get; init; }

    /// <summary>Threads of a task; null: one per core.</summary>
    public int? Threads { get; init; }

    /// <summary>The folders of this machine that a task needs, none within another.</summary>
    public IReadOnlyList<NeededFolder> Folders { get; init; } = [];

    /// <summary>What is submitted is called so: lower case letters, digits and hyphens.</summary>
    public string Name => $"swan-{Id}";

    /// <summary>For people.</summary>
    public string Title => string.Create(CultureInfo.InvariantCulture, $"{Origin}: run {Id}, {Shards} shards");

    /// <summary>What follows <c>swan job run</c>.</summary>
    public IEnumerable<string> Arguments =>
        [Output, .. Model is null ? [] : (string[])["--model", Model], .. StoreOptions, .. MachineOptions];
}

/// <summary>A folder of this machine that must be there under the same path where tasks run.</summary>
/// <param name="Path">The full path.</param>
/// <param name="IsWritten">Whether tasks write there.</param>
internal sealed record NeededFolder(string Path, bool IsWritten)
{
    /// <summary>Leaves out folders that lie within others.</summary>
    public static IReadOnlyList<NeededFolder> Outermost(IEnumerable<NeededFolder> folders)
    {
        var kept = new List<NeededFolder>();
        foreach (NeededFolder folder in folders.OrderBy(folder => folder.Path.Length))
        {
            int around = kept.FindIndex(outer => IsWithin(folder.Path, outer.Path));
            if (around < 0) kept.Add(folder);
            else kept[around] = kept[around] with { IsWritten = kept[around].IsWritten || folder.IsWritten };
        }
        return kept;
    }

    private static bool IsWithin(string path, string outer) =>
        $"{path.TrimEnd('/')}/".StartsWith($"{outer.TrimEnd('/')}/", StringComparison.Ordinal);
}
