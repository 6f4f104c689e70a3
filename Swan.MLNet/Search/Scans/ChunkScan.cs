namespace Swan.MLNet.Search;

/// <summary>Many queries; the units are chunks of them, and each meets the whole gallery on one thread.</summary>
internal sealed class ChunkScan(
    ScannedRows gallery, ReadOnlyMemory<float> queries, Wanted wanted, QueryChunks chunks, IFoundRows found) : SharedScan
{
    protected override bool GivesWay => true;

    public void Run(int threads, CancellationToken cancellation) =>
        Run(chunks.Count, waits: true, isUnwanted: null, cancellation, threads);

    protected override void Begin(ScanRoom room) => room.Begin(chunks.Size);

    protected override void Do(int unit, ScanRoom room, CancellationToken cancellation)
    {
        ReadOnlyMemory<float> part = chunks.Part(queries, unit, gallery.Dimension);
        room.Take(gallery, part);
        room.Ask(gallery, wanted, cancellation);
        for (int q = 0; q < part.Length / gallery.Dimension; q++) found.Found(chunks.First(unit) + q, room.Best[q].Sorted());
    }

    protected override void End(ScanRoom room)
    {
    }
}
