using Swan.Batch.Inputs;
using Swan.Batch.Output;
using Swan.MLNet;

namespace Swan.Batch.Jobs;

/// <summary>Scores chunks into files.</summary>
/// <remarks>A chunk is done when its Parquet file is there; its bad rows are always written before.</remarks>
internal sealed class ChunkWriter(ImageScorer scorer, JobFolder folder, JobManifest manifest, JobProgress progress)
{
    /// <summary>What a chunk that an earlier run finished holds; null where there is none.</summary>
    /// <param name="number">Its number within the shard.</param>
    /// <param name="rows">How many rows it must hold.</param>
    public async Task<Tally?> FindDoneAsync(int number, int rows)
    {
        string path = folder.Chunk(number);
        if (!File.Exists(path)) return null;
        Tally? tally = await ChunkFile.ReadTallyAsync(path, manifest).ConfigureAwait(false);
        if (tally?.Rows == rows) return tally;
        progress.Say($"'{path}' is damaged; its rows are embedded again.");
        return null;
    }

    /// <summary>Scores a chunk.</summary>
    /// <param name="number">Its number within the shard.</param>
    /// <param name="rows">Its rows.</param>
    public async Task<Tally> WriteAsync(int number, ImageRow[] rows)
    {
        var tally = new Tally();
        using var bad = new BadRowsFile(folder, number);
        using AtomicFile file = folder.Create(folder.Chunk(number));
        using (ScoredRows scored = scorer.Score(rows))
        await using (ChunkFile chunk = await ChunkFile.CreateAsync(file.Stream, manifest, scored.Columns).ConfigureAwait(false))
        {
            while (scored.MoveNext())
            {
                string? reason = null;
                if (scored.Error.Length > 0) reason = bad.Add(scored.Row, scored.Image, scored.Error);
                else await chunk.AddAsync(scored.Row, scored.Image).ConfigureAwait(false);
                tally.Add(reason);
                progress.Advance();
            }
            if (tally.Rows != rows.Length)
            {
                throw new InvalidOperationException(
                    $"The pipeline gave {tally.Rows} rows for {rows.Length} images. Its steps must neither leave out rows nor add any.");
            }
            await chunk.FinishAsync(tally).ConfigureAwait(false);
        }

        // An earlier attempt's file (bad rows tried again, or a damaged one) must not vouch for the new bad rows.
        AtomicFile.Delete(folder.Chunk(number));
        bad.Commit();
        file.Commit();
        return tally;
    }
}
