using Swan.Batch.Inputs;
using Swan.Batch.Output;

namespace Swan.Batch;

/// <summary>Scores chunks into files. A chunk is done when its Parquet file is there; its bad rows are always written before.</summary>
internal sealed class ChunkWriter(ImageScorer scorer, JobFolder folder, JobManifest manifest)
{
    /// <summary>What a chunk that an earlier run finished holds; null where there is none.</summary>
    /// <param name="number">Its number within the shard.</param>
    /// <param name="rows">How many rows it must hold.</param>
    public async Task<Tally?> Done(int number, int rows)
    {
        string path = folder.Chunk(number);
        if (!File.Exists(path)) return null;
        Tally? tally = await EmbeddingsFile.Read(path, manifest);
        if (tally?.Rows == rows) return tally;
        Console.WriteLine($"'{path}' is damaged; its rows are embedded again.");
        return null;
    }

    /// <summary>Scores a chunk.</summary>
    /// <param name="number">Its number within the shard.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="advance">Called after each row.</param>
    public async Task<Tally> Write(int number, ImageRow[] rows, Action advance)
    {
        var tally = new Tally();
        using var bad = new BadRowsFile(folder, number);
        using DurableFile file = folder.Create(folder.Chunk(number));
        await using (EmbeddingsFile embeddings = await EmbeddingsFile.Create(file.Stream, manifest))
        {
            foreach (ScoredRow row in scorer.Score(rows))
            {
                BadRow? fault = BadRow.Parse(row.Error);
                if (fault is null) await embeddings.Add(row.Row, row.Image, row.Embedding);
                else bad.Add(row, fault);
                tally.Add(fault?.Reason);
                advance();
            }
            if (tally.Rows != rows.Length) throw new InvalidOperationException($"The pipeline gave {tally.Rows} rows for {rows.Length} images.");
            await embeddings.Finish(tally);
        }

        // An earlier attempt's file (--retry-bad, or a damaged one) must not vouch for the new bad rows.
        FolderFlush.Delete(folder.Chunk(number));
        bad.Commit();
        file.Commit(folder.Chunk(number));
        return tally;
    }
}
