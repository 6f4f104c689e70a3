using Swan.Batch.Inputs;
using Swan.Batch.Output;

namespace Swan.Batch;

/// <summary>The job from end to end: what is to be done, what is done already, the rest chunk by chunk.</summary>
internal static class ScoringJob
{
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> Run(ScoringRequest ask, CancellationToken cancellation)
    {
        using var scorer = new ImageScorer(ask, cancellation);
        using JobFolder folder = JobFolder.Open(ask.Out, ask.Shard);
        (JobManifest manifest, ImageList list) = JobStart.Agree(ask, scorer.Card, folder, cancellation);
        long rows = ask.Shard.Rows(manifest.Rows);
        var report = new Report(ask.Shard, rows);
        report.Start($"{manifest.Rows:N0} images, model '{manifest.ModelName}' ({manifest.ModelFingerprint[..8]}), {scorer.Device}");

        try
        {
            await report.Show(advance => Score(ask, list, new ChunkWriter(scorer, folder, manifest), report, advance, cancellation));
        }
        catch (OperationCanceledException)
        {
            report.Summary("is stopped");
            throw;
        }

        report.Summary("is done");
        return report.Judge(ask.MaxBad);
    }

    private static async Task Score(ScoringRequest ask, ImageList list, ChunkWriter chunks, Report report, Action<long> advance, CancellationToken cancellation)
    {
        int number = 0;
        // Only the chunk in work is in memory.
        foreach (ImageRow[] chunk in list.Of(ask.Shard).Chunk(ask.Chunk))
        {
            cancellation.ThrowIfCancellationRequested();
            Tally? done = await chunks.Done(number, chunk.Length);
            if (done is null || (done.Bad > 0 && ask.RetryBad)) report.Chunk(number, await chunks.Write(number, chunk, () => advance(1)));
            else
            {
                report.Before(done);
                advance(done.Rows);
            }
            number++;
        }
    }
}
