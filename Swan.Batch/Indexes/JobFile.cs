using System.Runtime.CompilerServices;
using Swan.Batch.Runs;
using Swan.MLNet.Metadata;

namespace Swan.Batch.Indexes;

/// <summary>A Parquet file of a batch job, and those of its rows that count.</summary>
/// <param name="name">Its key.</param>
/// <param name="content">The file, of this machine.</param>
internal sealed class JobFile(string name, FileStream content) : IDisposable
{
    /// <summary>The rows that count, by their place, and their keys.</summary>
    public required IReadOnlyList<(int Row, string Key)> Rows { get; init; }

    /// <summary>Rows that count, of all files.</summary>
    public required int Total { get; init; }

    /// <summary>The files of a run's state, one after another.</summary>
    public static async IAsyncEnumerable<JobFile> OfAsync(
        RunStore runs, RunPlan valid, [EnumeratorCancellation] CancellationToken cancellation)
    {
        int total = 0;
        using var sorted = new RowsByPlace(linesInMemory: 50_000);
        await foreach (StateLine line in JobHistory.StateAsync(runs, valid, cancellation).ConfigureAwait(false))
        {
            if (line.Place is not { } place) continue;
            sorted.Add(place, line.Key);
            total++;
        }
        (int Run, int Shard) file = default;
        var rows = new List<(int, string)>();
        foreach ((RowPlace place, string key) in sorted.InOrder())
        {
            (int Run, int Shard) next = (place.Run, place.Shard);
            if (next != file && rows.Count > 0)
            {
                yield return await FetchAsync(runs, file, rows, total, cancellation).ConfigureAwait(false);
                rows = [];
            }
            file = next;
            rows.Add((place.Row, key));
        }
        if (rows.Count > 0) yield return await FetchAsync(runs, file, rows, total, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads it.</summary>
    /// <param name="types">Of columns whose type is known.</param>
    /// <param name="cancellation">Ends the work.</param>
    public Task<IndexRows> OpenAsync(IReadOnlyDictionary<string, SwanColumnType> types, CancellationToken cancellation) =>
        IndexRows.OpenAsync(content, name, types, cancellation);

    public void Dispose() => content.Dispose();

    private static async Task<JobFile> FetchAsync(
        RunStore runs, (int Run, int Shard) file, List<(int, string)> rows, int total, CancellationToken cancellation)
    {
        string key = await JobHistory.EmbeddingsAsync(runs, file.Run, file.Shard, cancellation).ConfigureAwait(false);
        return new JobFile(key, await runs.FetchAsync(key, cancellation).ConfigureAwait(false)) { Rows = rows, Total = total };
    }
}
