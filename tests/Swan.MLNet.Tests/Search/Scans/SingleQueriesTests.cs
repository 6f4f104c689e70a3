using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Scans;

public sealed class SingleQueriesTests : IDisposable
{
    private const int D = 16, Rows = 40_000;

    // What this thread asks.
    [ThreadStatic]
    private static SingleQuery? t_asked;

    private readonly ObservedQueries _queries = new(new ScannedRows(Gallery()));

    public void Dispose() => _queries.Dispose();

    [Theory]
    [InlineData(95, 1)]
    [InlineData(96, 1)]
    [InlineData(97, 2)]
    [InlineData(200, 3)]
    public async Task Queries_that_wait_share_as_few_passes_as_hold_them_with_the_leaders_own_among_them(int waiting, int passes)
    {
        Task<SingleQuery>[] callers = await Wait(waiting);
        _queries.Open();
        foreach (SingleQuery query in await Task.WhenAll(callers)) Assert.Equal((Rows - 1, 1f), Best(query));
        Assert.Equal(passes + 1, _queries.Passes.Count);
        Assert.Equal(waiting + 1, _queries.Passes.Sum(p => p.Queries));
        Assert.All(_queries.Passes, pass => Assert.True(pass is { HasLeader: true, Queries: <= QueryChunks.Most }));
    }

    [Fact]
    public async Task A_query_that_fails_leaves_the_others_of_its_pass_their_results()
    {
        Task<SingleQuery>[] callers = await Wait(4);
        // With others it doesn't fit into their room; alone it is several queries, whose results have no place.
        Task<SingleQuery> failing = OnItsOwnThread(() => Ask(values: 1000 * D));
        await Eventually.True(() => _queries.Waiting == 5, "all wait for the next pass");
        _queries.Open();
        foreach (SingleQuery query in await Task.WhenAll(callers)) Assert.Equal((Rows - 1, 1f), Best(query));
        await Assert.ThrowsAsync<IndexOutOfRangeException>(() => failing);
        Assert.Equal((Rows - 1, 1f), Best(Ask()));
        Assert.Equal([1, 5, 1, 1, 1, 1, 1, 1], _queries.Passes.Select(p => p.Queries));
    }

    [Fact]
    public async Task A_fault_of_a_shared_pass_is_thrown_by_no_two_callers()
    {
        Task<SingleQuery>[] callers = await Wait(5);
        _queries.Fault = () => new InvalidDataException("the pass fails");
        _queries.Open();
        var thrown = new List<Exception>();
        foreach (Task<SingleQuery> caller in callers) thrown.Add(await Assert.ThrowsAsync<InvalidDataException>(() => caller));
        Assert.Equal(6, thrown.Distinct().Count());
        _queries.Fault = null;
        Assert.Equal((Rows - 1, 1f), Best(Ask()));
    }

    [Fact]
    public async Task A_caller_who_cancels_or_is_interrupted_leaves_while_the_pass_goes_on()
    {
        using var source = new CancellationTokenSource();
        Task<SingleQuery>[] callers = await Wait(1);
        Task<SingleQuery> canceled = OnItsOwnThread(() => Ask(cancellation: source.Token));
        Exception? thrown = null;
        var interrupted = new Thread(() => thrown = Record.Exception(() => Ask()));
        interrupted.Start();
        await Eventually.True(() => _queries.Waiting == 3, "all wait for the next pass");
        await source.CancelAsync();
        Assert.Equal(source.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled)).CancellationToken);
        interrupted.Interrupt();
        await Eventually.True(() => !interrupted.IsAlive, "its wait ends");
        Assert.IsType<ThreadInterruptedException>(thrown);
        Assert.Equal((1, 1), (_queries.Waiting, _queries.Passes.Count));
        _queries.Open();
        foreach (SingleQuery query in await Task.WhenAll(callers)) Assert.Equal((Rows - 1, 1f), Best(query));
    }

    [Fact]
    public async Task A_leader_who_cancels_makes_the_pass_for_the_others_and_comes_back_canceled()
    {
        using CancellationTokenSource one = new(), two = new();
        await Wait(0);
        Task<SingleQuery>[] callers =
            [.. new[] { one.Token, two.Token }.Select(token => OnItsOwnThread(() => Ask(cancellation: token)))];
        await Eventually.True(() => _queries.Waiting == 2, "both wait for the next pass");
        _queries.BeforeScan = queries =>
        {
            if (queries.Count == 2) (t_asked!.Cancellation == one.Token ? one : two).Cancel();
        };
        _queries.Open();
        await Eventually.True(() => callers.All(caller => caller.IsCompleted), "both come back");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => callers[one.IsCancellationRequested ? 0 : 1]);
        Assert.Equal((Rows - 1, 1f), Best(await callers[one.IsCancellationRequested ? 1 : 0]));
        Assert.Equal([1, 2], _queries.Passes.Select(p => p.Queries));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_pass_ends_when_all_of_its_queries_are_canceled(int sharing)
    {
        using var source = new CancellationTokenSource();
        Task<SingleQuery> first = (await Wait(0))[0];
        Task<SingleQuery>[] callers = [.. Enumerable.Range(0, sharing).Select(_ => OnItsOwnThread(() => Ask(cancellation: source.Token)))];
        await Eventually.True(() => _queries.Waiting == sharing, "all wait for the next pass");
        _queries.BeforeScan = queries =>
        {
            if (queries[0].Cancellation.CanBeCanceled) source.Cancel();
        };
        _queries.Open();
        Assert.Equal((Rows - 1, 1f), Best(await first));
        foreach (Task<SingleQuery> caller in callers) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);
        Assert.Equal([1, sharing], _queries.Passes.Select(p => p.Queries));
        Assert.IsAssignableFrom<OperationCanceledException>(_queries.LastFault);
    }

    // The best row of Gallery() for the query of Ask().
    private static (int Row, float Score) Best(SingleQuery query)
    {
        (float score, int row) = query.Best[0].Sorted()[0];
        return (row, score);
    }

    private static EmbeddingBlocks Gallery()
    {
        var gallery = new EmbeddingBlocks(D, 15_000 * D);
        for (int row = 0; row < Rows; row++)
        {
            Span<float> values = gallery.Next();
            values.Clear();
            values[row == Rows - 1 ? 0 : 1] = 1;
            gallery.Keep();
        }
        Assert.False(RowScan.IsTiny(new ScannedRows(gallery), 1));
        return gallery;
    }

    private static Task<SingleQuery> OnItsOwnThread(Func<SingleQuery> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // One query whose pass stands still until Open, and others that wait for it.
    private async Task<Task<SingleQuery>[]> Wait(int count)
    {
        Task<SingleQuery> first = OnItsOwnThread(() => Ask());
        await Eventually.True(() => _queries.Passes.Count == 1, "the first query begins a pass");
        Task<SingleQuery>[] others = [.. Enumerable.Range(0, count).Select(_ => OnItsOwnThread(() => Ask()))];
        await Eventually.True(() => _queries.Waiting == count, "the others wait for the next pass");
        return [first, .. others];
    }

    private SingleQuery Ask(int values = D, CancellationToken cancellation = default)
    {
        SingleQuery query = t_asked = new SingleQuery();
        query.Begin(values, new Wanted(3), cancellation);
        query.Unit[0] = 1;
        _queries.Run(query);
        return query;
    }

    private sealed class ObservedQueries(ScannedRows gallery) : SingleQueries(gallery), IDisposable
    {
        private readonly ManualResetEventSlim _open = new();
        private readonly List<(int Queries, bool HasLeader)> _passes = [];

        public IReadOnlyList<(int Queries, bool HasLeader)> Passes => _passes;

        public Action<IReadOnlyList<SingleQuery>>? BeforeScan { get; set; }

        public Func<Exception>? Fault { get; set; }

        public Exception? LastFault { get; private set; }

        public void Open() => _open.Set();

        public void Dispose() => _open.Dispose();

        protected override void Scan(IReadOnlyList<SingleQuery> queries)
        {
            _passes.Add((queries.Count, queries.Contains(t_asked)));
            _open.Wait();
            BeforeScan?.Invoke(queries);
            if (Fault is not null) throw Fault();
            LastFault = Record.Exception(() => base.Scan(queries));
            if (LastFault is not null) throw LastFault;
        }
    }
}
