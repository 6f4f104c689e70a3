using System.Globalization;

namespace Swan.Batch.Runs;

/// <summary>The keys of a job's objects.</summary>
internal static class RunNames
{
    public const string Job = "job.json";
    public const string Plans = "plans/", Outcomes = "outcomes/";

    public static string Plan(int number) => Invariant($"{Plans}{number:D6}.json");

    public static string Outcome(int number) => Invariant($"{Outcomes}{number:D6}.json");

    /// <summary>What the keys of a run's reports begin with.</summary>
    public static string Reports(int number) => Invariant($"reports/{number:D6}.");

    /// <summary>What became of a run, for programs.</summary>
    public static string Report(int number) => $"{Reports(number)}json";

    /// <summary>The same for people; written last.</summary>
    public static string ReportPage(int number) => $"{Reports(number)}html";

    /// <summary>The number that a plan's or an outcome's key has.</summary>
    public static int? NumberOf(string key)
    {
        string name = key[(key.LastIndexOf('/') + 1)..];
        return name.EndsWith(".json", StringComparison.Ordinal)
            && int.TryParse(name[..^5], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    /// <summary>The number of the run that a key below <c>runs/</c> or <c>embeddings/</c> belongs to; the largest of all where it is none.
    /// </summary>
    public static int RunOf(string key)
    {
        string[] parts = key.Split('/');
        return parts.Length > 1 && int.TryParse(
            parts[1].AsSpan(0, Math.Min(6, parts[1].Length)), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : int.MaxValue;
    }

    /// <summary>A run's unique id.</summary>
    public static string NewId(int number) => Invariant($"{number:D6}-{NewAttempt()}");

    public static string NewAttempt() => Guid.NewGuid().ToString("N")[..12];

    /// <summary>What is below here is the run's alone.</summary>
    public static string Folder(string id) => $"runs/{id}/";

    /// <summary>The state before the run, without what is gone or to be embedded again.</summary>
    public static string Kept(string id) => $"{Folder(id)}kept.jsonl.gz";

    /// <summary>All that is gone, of this run and of those before.</summary>
    public static string Gone(string id) => $"{Folder(id)}gone.jsonl.gz";

    /// <summary>The contents that were embedded before, by hash.</summary>
    public static string Contents(string id) => $"{Folder(id)}contents.bin";

    public static string Inputs(string id, int shard) => Invariant($"{Folder(id)}inputs/{shard:D5}.jsonl.gz");

    public static string Records(string id) => $"{Folder(id)}records/";

    public static string Record(string id, int shard) => Invariant($"{Records(id)}{shard:D5}.json");

    public static string Attempts(string id) => $"{Folder(id)}attempts/";

    /// <summary>What the keys of a shard's attempts begin with.</summary>
    public static string Attempts(string id, int shard) => Invariant($"{Attempts(id)}{shard:D5}-");

    public static string Attempt(string id, int shard, string attempt) => $"{Attempts(id, shard)}{attempt}.json";

    /// <summary>The state of a shard's images.</summary>
    public static string Rows(string id, int shard, string attempt) => Invariant($"{Folder(id)}rows/{shard:D5}-{attempt}.jsonl.gz");

    public static string Embeddings(string id, int shard, string attempt) => Invariant($"embeddings/{id}/{shard:D5}-{attempt}.parquet");

    public static string Bad(string id, int shard, string attempt) => Invariant($"bad/{id}/{shard:D5}-{attempt}.jsonl");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
