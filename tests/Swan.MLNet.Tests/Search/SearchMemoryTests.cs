using Swan.MLNet.Numerics;
using Swan.MLNet.Scheduling;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search;

/// <summary>Other tests' memory would be measured, too.</summary>
[Collection("WorkFrameTests")]
public sealed class SearchMemoryTests : IDisposable
{
    // At most two threads search, so that four objects have heaps: their rooms, what replaces one of them, and the caller's.
    private const int D = 16, Threads = 2, WithHeaps = 4;

    // Heaps up to this size are kept for later queries.
    private const int Kept = 32 * 1024;

    private readonly SavedResources _saved = new();

    public SearchMemoryTests() => (SwanResources.MaxDecodes, SwanResources.EncoderThreads) = (Threads, Threads);

    public void Dispose() => _saved.Dispose();

    [Theory]
    [InlineData(60_000, 1, 0)] // by rows, shared with others
    [InlineData(40_000, 96, 0)] // by rows
    [InlineData(40_000, 0, 2)] // by chunks of queries
    public void Large_results_leave_no_large_memory_behind(int rows, int queries, int chunksPerThread)
    {
        var gallery = new EmbeddingBlocks(D);
        for (int row = 0; row < rows; row++)
        {
            gallery.Next().Fill(0.25f);
            gallery.Keep();
        }
        queries += chunksPerThread * SharedScan.Threads * QueryChunks.Most;
        var search = new GallerySearch(gallery);
        float[] asked = new float[queries * D];
        Array.Fill(asked, 0.25f);
        search.Run(asked, 10, new Count(), TestContext.Current.CancellationToken);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var found = new Count();
        search.Run(asked, rows, found, TestContext.Current.CancellationToken);
        Assert.Equal((long)rows * queries, found.Rows);
        long most = WithHeaps * Kept * Math.Min(queries, QueryChunks.Most) + 50_000;
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, most);
        GC.KeepAlive(search);
    }

    private sealed class Count : IFoundRows
    {
        private long _rows;

        public long Rows => _rows;

        public void Found(int query, ReadOnlySpan<(float Score, int Row)> best) => Interlocked.Add(ref _rows, best.Length);
    }
}
