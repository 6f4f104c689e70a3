using System.Text.Encodings.Web;
using System.Text.Json;
using Swan.Batch.Output;
using Swan.Batch.Runs;
using Swan.Batch.Stores;

namespace Swan.Batch.Jobs;

/// <summary>What an attempt at a shard makes, gathered in files of this machine until all of it is there.</summary>
/// <param name="plan">The run.</param>
/// <param name="shard">The shard.</param>
/// <param name="metadata">That of the Parquet file.</param>
/// <param name="added">Told of each row: why it is bad, or null.</param>
internal sealed class ShardFiles(
    RunPlan plan, int shard, IReadOnlyDictionary<string, string> metadata, Action<string?>? added = null) : IAsyncDisposable
{
    // Paths as they are, so that grep finds them; quotes and controls are escaped all the same.
    private static readonly JobJson Json =
        new(new JsonSerializerOptions(JobJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private readonly LinesFile<StateLine> _states = new(RunJson.Line.StateLine);
    private readonly List<StateLine> _late = [];
    private long _lastRow = -1;
    private FileStream? _parquet, _bad;
    private EmbeddingsFile? _embeddings;
    private OutputColumn[] _columns = [];

    /// <summary>Rows, and bad rows by reason.</summary>
    public Tally Tally { get; } = new();

    /// <summary>Rows whose content had been embedded before.</summary>
    public long Reused { get; private set; }

    /// <summary>Adds rows in the order of the inputs; those that come late, after all others, are in that order among themselves.</summary>
    /// <param name="rows">The rows, each with an embedding or an error.</param>
    /// <param name="scorer">Gives what is written of them.</param>
    public async Task AddAsync(IReadOnlyList<EmbeddedRow> rows, ShardScorer scorer)
    {
        using ScoredRows scored = scorer.Score(rows);
        if (_embeddings is null)
        {
            _columns = scored.CreateColumns(scorer.Precision);
            _parquet = LocalFile.Create();
            _embeddings = await EmbeddingsFile.CreateAsync(
                _parquet, _columns, [.. (plan.Source?.Kept ?? []).Select(ManifestValues.Create)], metadata, int.MaxValue)
                .ConfigureAwait(false);
        }
        scored.Bind(_columns);
        foreach (EmbeddedRow row in rows)
        {
            if (!scored.MoveNext() || scored.Row != row.Row)
            {
                throw new InvalidOperationException(
                    $"The pipeline returned no row {row.Row} for '{row.Image}' in its place. Its steps must not drop, add "
                    + "or move rows.");
            }
            await AddAsync(row).ConfigureAwait(false);
        }
        if (scored.MoveNext())
            throw new InvalidOperationException(
                $"The pipeline returned more than {rows.Count} rows for as many images. Its steps must not add rows.");
    }

    /// <summary>The bytes that images' rows take; nothing can be added any more.</summary>
    public async Task<long> EndAsync()
    {
        if (_embeddings is { Count: > 0 })
        {
            await _embeddings.FinishAsync().ConfigureAwait(false);
            await _embeddings.DisposeAsync().ConfigureAwait(false);
        }
        return (_parquet?.Length ?? 0) + (_bad?.Length ?? 0);
    }

    /// <summary>Writes what was added; nothing can be added any more.</summary>
    /// <returns>As <see cref="EndAsync"/>.</returns>
    public async Task<long> WriteAsync(RunStore runs, string attempt, CancellationToken cancellation)
    {
        long bytes = await EndAsync().ConfigureAwait(false);
        if (_embeddings is { Count: > 0 })
        {
            string key = RunNames.Embeddings(plan.Id, shard, attempt);
            await runs.Objects.WriteAsync(key, _parquet!, cancellation).ConfigureAwait(false);
        }
        if (_bad is not null)
            await runs.Objects.WriteAsync(RunNames.Bad(plan.Id, shard, attempt), _bad, cancellation).ConfigureAwait(false);
        string rows = RunNames.Rows(plan.Id, shard, attempt);
        if (_late.Count == 0) await _states.WriteAsync(runs.Objects, rows, cancellation).ConfigureAwait(false);
        else await WriteMergedAsync(runs, rows, cancellation).ConfigureAwait(false);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        if (_embeddings is not null) await _embeddings.DisposeAsync().ConfigureAwait(false);
        if (_parquet is not null) await _parquet.DisposeAsync().ConfigureAwait(false);
        if (_bad is not null) await _bad.DisposeAsync().ConfigureAwait(false);
        _states.Dispose();
    }

    // A state is in the order of keys, wherever rows stand in their file.
    private async Task WriteMergedAsync(RunStore runs, string key, CancellationToken cancellation)
    {
        using var merged = new LinesFile<StateLine>(RunJson.Line.StateLine);
        int next = 0;
        await foreach (StateLine line in _states.ReadAsync(cancellation).ConfigureAwait(false))
        {
            while (next < _late.Count && Utf8Order.Instance.Compare(_late[next].Key, line.Key) < 0) merged.Add(_late[next++]);
            merged.Add(line);
        }
        for (; next < _late.Count; next++) merged.Add(_late[next]);
        await merged.WriteAsync(runs.Objects, key, cancellation).ConfigureAwait(false);
    }

    private void AddState(EmbeddedRow row, StateLine line)
    {
        if (row.Row < _lastRow) _late.Add(line);
        else _states.Add(line);
        _lastRow = Math.Max(_lastRow, row.Row);
    }

    private async ValueTask AddAsync(EmbeddedRow row)
    {
        string? hash = row.Hash.Length == 0 ? null : row.Hash;
        if (row.Error.Length > 0)
        {
            int colon = row.Error.IndexOf(": ", StringComparison.Ordinal);
            (string reason, string message) = colon < 0 ? ("Unknown", row.Error) : (row.Error[..colon], row.Error[(colon + 2)..]);
            _bad ??= LocalFile.Create();
            JsonSerializer.Serialize(_bad, new BadRow(row.Row, row.Image, reason, message), Json.BadRow);
            _bad.WriteByte((byte)'\n');
            AddState(row, new StateLine(row.Image, row.Stamp) { Hash = hash, Bad = reason, Kept = row.Kept });
            Tally.Add(reason);
            added?.Invoke(reason);
            return;
        }
        Tally.Add(reason: null);
        added?.Invoke(null);
        if (row.IsReused) Reused++;
        if (row.Place is { } place)
        {
            AddState(row, new StateLine(row.Image, row.Stamp) { Hash = hash, Place = place, Kept = row.Kept });
            return;
        }
        AddState(row, new StateLine(row.Image, row.Stamp)
        {
            Hash = hash, Place = new RowPlace(plan.Number, shard, _embeddings!.Count), Kept = row.Kept,
        });
        await _embeddings.AddAsync(row.Row, row.Image, row.Hash, row.Values ?? []).ConfigureAwait(false);
    }
}
