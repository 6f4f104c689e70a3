using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search;

/// <summary>Other tests' memory would be measured, too.</summary>
[Collection("WorkFrameTests")]
public sealed class SearchMemoryTests
{
    private const int D = 128;

    [Theory]
    [InlineData(60_000, 1, 0)] // by rows, shared with others
    [InlineData(8000, 96, 0)] // by rows
    [InlineData(8000, 0, 2)] // by chunks of queries
    public void Large_results_leave_no_memory_behind(int rows, int queries, int chunksPerThread)
    {
        var gallery = new EmbeddingBlocks(D);
        for (int row = 0; row < rows; row++)
        {
            gallery.Next().Fill(0.125f);
            gallery.Keep();
        }
        queries += chunksPerThread * SharedScan.Threads * QueryChunks.Most;
        var search = new GallerySearch(gallery);
        float[] asked = new float[queries * D];
        Array.Fill(asked, 0.125f);
        search.Run(asked, 10, new Count(), TestContext.Current.CancellationToken);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var found = new Count();
        search.Run(asked, rows, found, TestContext.Current.CancellationToken);
        Assert.Equal((long)rows * queries, found.Rows);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 200_000);
        GC.KeepAlive(search);
    }

    private sealed class Count : IFoundRows
    {
        private long _rows;

        public long Rows => _rows;

        public void Found(int query, ReadOnlySpan<(float Score, int Row)> best) => Interlocked.Add(ref _rows, best.Length);
    }
}
