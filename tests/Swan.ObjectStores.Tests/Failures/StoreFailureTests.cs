using System.Globalization;
using System.Net;
using Swan.Batch.Stores;
using Swan.ObjectStores.Tests.Conformance;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests.Failures;

/// <summary>What every remote store does when its server, or the way to it, fails.</summary>
public abstract class StoreFailureTests
{
    private const int Size = 1_000_000;

    protected static byte[] Image { get; } = StoreConformance.Random(Size);

    public static TheoryData<int> Passing => [408, 429, 500, 502, 503, 504];

    public static TheoryData<int> Lasting => [400, 401, 403, 405, 501];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task What_may_pass_is_tried_again(int status)
    {
        await using Scene scene = await SceneAsync();
        scene.Proxy.Fail(r => r.IsRead, new Says((HttpStatusCode)status), times: 2);
        Assert.Equal(Image, await StoreConformance.Bytes(scene.Store, "image"));
        Assert.Equal(3, scene.Reads.Length);
        Assert.Equal(2, scene.Waits.Count);
    }

    [Theory]
    [MemberData(nameof(Lasting))]
    public async Task What_lasts_is_not_tried_again(int status)
    {
        await using Scene scene = await SceneAsync();
        scene.Proxy.Fail(r => r.IsRead, new Says((HttpStatusCode)status), times: 100);
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => scene.Store.OpenAsync("image"));
        Assert.Single(scene.Reads);
        Assert.Empty(scene.Waits);
        Assert.Contains($"{status}", error.Message, StringComparison.Ordinal);
        Assert.Contains("image", error.Message, StringComparison.Ordinal);
        Assert.Contains(scene.Store.Address, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempts_are_bounded_and_pauses_grow()
    {
        await using Scene scene = await SceneAsync();
        scene.Proxy.Fail(r => r.IsRead, new Says(HttpStatusCode.ServiceUnavailable), times: 100);
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => scene.Store.OpenAsync("image"));
        Assert.Equal(Scene.MaxAttempts, scene.Reads.Length);
        Assert.Equal((StoreFailure.Unavailable, true), (error.Failure, error.MayPass));
        Assert.Contains($"after {Scene.MaxAttempts} attempts", error.Message, StringComparison.Ordinal);
        // From half of 0.5 s, doubled, up to 2 s at most.
        Assert.Equal(
            Enumerable.Range(0, Scene.MaxAttempts - 1).Select(i => Math.Min(0.5 * Math.Pow(2, i), 2)),
            scene.Waits.Select((w, i) => w.TotalSeconds >= 0.25 * Math.Min(Math.Pow(2, i), 4) ? Math.Min(0.5 * Math.Pow(2, i), 2) : 0));
        Assert.All(scene.Waits, (w, i) => Assert.InRange(w.TotalSeconds, 0, Math.Min(0.5 * Math.Pow(2, i), 2)));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("3600", 2)]
    public async Task A_server_is_given_the_time_it_asks_for_within_bounds(string asked, int seconds)
    {
        await using Scene scene = await SceneAsync();
        scene.Proxy.Fail(r => r.IsRead, new Says(HttpStatusCode.TooManyRequests, RetryAfter: asked));
        Assert.Equal(Image, await StoreConformance.Bytes(scene.Store, "image"));
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(scene.Waits));
    }

    [Fact]
    public async Task A_connection_that_is_reset_is_made_again()
    {
        await using Scene scene = await SceneAsync();
        scene.Proxy.Fail(r => r.IsRead, new Resets(), times: 2);
        Assert.Equal(Image, await StoreConformance.Bytes(scene.Store, "image"));
        Assert.Equal(3, scene.Reads.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_breaks_off_or_stalls_goes_on_where_it_was(bool stalls)
    {
        await using Scene scene = await SceneAsync(o => o.StallTimeout = TimeSpan.FromSeconds(stalls ? 1 : 60));
        scene.Proxy.Fail(r => r.IsRead, new Cuts(300_000, stalls));
        scene.Proxy.Fail(r => r.IsRead, new Cuts(0, stalls));
        scene.Proxy.Fail(r => r.IsRead, new Cuts(123_456, stalls));
        Assert.Equal(Image, await StoreConformance.Bytes(scene.Store, "image"));
        Assert.Equal(4, scene.Reads.Length);
        long[] starts = [.. scene.Reads.Select(r => (r.Header("Range") ?? r.Header("x-ms-range")) is { } range
            ? long.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture)
            : 0)];
        // A connection that is reset may take bytes along that were sent.
        if (stalls) Assert.Equal([0, 300_000, 300_000, 423_456], starts);
        Assert.All(starts.Zip([0, 300_000, 300_000, 423_456]), s => Assert.InRange(s.First, 0, s.Second));
        Assert.Equal(starts.Order(), starts);
        Assert.All(scene.Reads[1..], r => Assert.False(string.IsNullOrEmpty(r.Header("If-Match"))));
    }

    [Theory]
    [InlineData(0, Size)]
    [InlineData(100_000, 500_000)]
    [InlineData(400_000, 600_000)]
    public async Task A_part_that_breaks_off_goes_on_where_it_was(int offset, int length)
    {
        await using Scene scene = await SceneAsync();
        StoredObject stored;
        using (StoredContent? opened = await scene.Store.OpenAsync("image")) stored = opened!.Object;
        scene.Proxy.Fail(r => r.IsRead, new Cuts(300_000));
        scene.Proxy.Fail(r => r.IsRead, new Says(HttpStatusCode.ServiceUnavailable));
        Assert.Equal(Image[offset..(offset + length)], StoreConformance.Part(scene.Store, stored, offset, length));
        Assert.Equal(4, scene.Reads.Length);
    }

    [Fact]
    public async Task A_body_that_never_ends_well_fails()
    {
        await using Scene scene = await SceneAsync();
        scene.Proxy.Fail(r => r.IsRead, new Cuts(300_000));
        scene.Proxy.Fail(r => r.IsRead, new Cuts(0), times: 100);
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => StoreConformance.Bytes(scene.Store, "image"));
        Assert.Equal((StoreFailure.Broken, true), (error.Failure, error.MayPass));
        // The read that broke, and the attempts to go on.
        Assert.Equal(Scene.MaxAttempts, scene.Reads.Length);
    }

    [Fact]
    public async Task An_object_is_never_a_mixture_of_two()
    {
        await using Scene scene = await SceneAsync();
        scene.Proxy.Fail(r => r.IsRead, new Cuts(300_000));
        using StoredContent? opened = await scene.Store.OpenAsync("image");
        await scene.ReplaceAsync(StoreConformance.Random(Size));
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => opened!.Content.CopyToAsync(Stream.Null));
        Assert.Equal(StoreFailure.Changed, error.Failure);
        Assert.Equal(2, scene.Reads.Length);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up()
    {
        await using Scene scene = await SceneAsync(o => o.StallTimeout = TimeSpan.FromMilliseconds(100));
        scene.Proxy.Fail(r => r.IsRead, new Stalls(), times: 100);
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => scene.Store.OpenAsync("image"));
        Assert.Equal((StoreFailure.TimedOut, Scene.MaxAttempts), (error.Failure, scene.Reads.Length));
        Assert.Contains("nothing was received for 0.1 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_attempts_together_have_a_limit_too()
    {
        await using Scene scene = await SceneAsync(
            o => (o.StallTimeout, o.Timeout) = (TimeSpan.FromMinutes(5), TimeSpan.FromMilliseconds(300)));
        scene.Proxy.Fail(r => r.IsRead, new Stalls(), times: 100);
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => scene.Store.OpenAsync("image"));
        Assert.Equal((StoreFailure.TimedOut, 1), (error.Failure, scene.Reads.Length));
    }

    [Theory]
    [InlineData("answer")]
    [InlineData("body")]
    [InlineData("pause")]
    public async Task Who_cancels_need_not_wait(string wait)
    {
        // Without the cancellation, each of these would take minutes.
        await using Scene scene = await SceneAsync(o =>
        {
            (o.MaxDelay, o.FirstDelay) = (TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(9));
            o.Wait = Task.Delay;
        });
        scene.Proxy.Fail(r => r.IsRead, wait switch
        {
            "answer" => new Stalls(), "body" => new Cuts(1000, Stalls: true), _ => new Says(HttpStatusCode.ServiceUnavailable),
        });
        using var cancellation = new CancellationTokenSource();
        Task reading = ReadAsync();
        await Eventually.True(() => scene.Reads.Length == 1, "the request came");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromMinutes(2)));

        async Task ReadAsync()
        {
            using StoredContent? opened = await scene.Store.OpenAsync("image", cancellation.Token);
            await opened!.Content.CopyToAsync(Stream.Null);
        }
    }

    [Fact]
    public async Task A_server_without_connections_is_said_to_be_unreachable()
    {
        Scene scene = await SceneAsync();
        await scene.Proxy.DisposeAsync();
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => scene.Store.OpenAsync("image"));
        Assert.Equal(StoreFailure.Unreachable, error.Failure);
        Assert.Equal(Scene.MaxAttempts - 1, scene.Waits.Count);
        await scene.DisposeAsync();
    }

    /// <summary>A store behind a proxy, with the object <c>image</c> in it and no requests counted yet.</summary>
    protected abstract Task<Scene> SceneAsync(Action<ObjectStoreOptions>? set = null);
}
