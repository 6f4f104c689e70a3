using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Many queries; the units are chunks of them, and each meets the whole gallery on one thread.</summary>
internal sealed class ChunkScan(
    EmbeddingBlocks gallery, ReadOnlyMemory<float> queries, int k, QueryChunks chunks, IFoundRows found) : SharedScan
{
    protected override bool GivesWay => true;

    public void Run(CancellationToken cancellation) => Run(chunks.Count, waits: true, isUnwanted: null, cancellation);

    protected override void Begin(ScanRoom room) => room.Begin(chunks.Size);

    protected override void Do(int unit, ScanRoom room, CancellationToken cancellation)
    {
        ReadOnlySpan<float> part = chunks.Part(queries, unit, gallery.EmbeddingSize).Span;
        int count = part.Length / gallery.EmbeddingSize;
        for (int q = 0; q < count; q++) room.Best[q].Reset(k);
        room.ScanAll(gallery, part, room.Best, cancellation);
        for (int q = 0; q < count; q++) found.Found(chunks.First(unit) + q, room.Best[q].Sorted());
    }

    protected override void End(ScanRoom room)
    {
    }
}
