using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Swan.MLNet.Hosting;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Hosting;

public sealed class AddSwanIndexTests : IDisposable
{
    private const int InService = 17, Unreadable = 18;

    private readonly SwanHosts _hosts = new();

    public AddSwanIndexTests()
    {
        SwanLiveIndex.Create(Folder, new SwanIndexSettings(2)).Dispose();
        Write("first", [1, 0]);
    }

    private string Folder => _hosts.Folder.File("index");

    public void Dispose() => _hosts.Dispose();

    [Fact]
    public async Task What_another_object_commits_is_in_service_though_nobody_searches()
    {
        using IHost host = Build();
        await host.StartAsync();
        var index = host.Services.GetRequiredService<SwanLiveIndex>();
        Assert.Equal("first", index.Search([1, 0], 1)[0].Key);
        Write("second", [0, 1]);
        await Eventually.True(() => _hosts.Log.Of(InService).Length == 2, "the second commit");
        Assert.Equal("second", index.Search([0, 1], 1)[0].Key);
        await host.StopAsync();
    }

    [Fact]
    public async Task Disposing_what_was_handed_out_closes_nothing_and_the_container_all()
    {
        IHost host = Build();
        await host.StartAsync();
        SwanLiveIndex index = host.Services.GetRequiredService<SwanLiveIndex>();
        index.Dispose();
        Assert.Equal(1, index.Count);
        await host.StopAsync();
        host.Dispose();
        Assert.Throws<ObjectDisposedException>(() => index.Count);
    }

    [Fact]
    public async Task Another_index_in_the_folders_place_is_taken_into_service()
    {
        using IHost host = Build();
        var index = host.Services.GetRequiredService<SwanLiveIndex>();
        string next = _hosts.Folder.File("next");
        using (SwanLiveIndex made = SwanLiveIndex.Create(next, new SwanIndexSettings(2)))
        {
            using SwanIndexWriter writer = made.OpenWriter();
            writer.Upsert("other", [1, 0]);
            writer.Upsert("more", [0, 1]);
            writer.Commit(TestContext.Current.CancellationToken);
            writer.Remove("more");
            writer.Commit(TestContext.Current.CancellationToken);
        }
        Directory.Move(Folder, _hosts.Folder.File("before"));
        Directory.Move(next, Folder);
        await Eventually.True(() => index.Search([1, 0], 1)[0].Key == "other", "the other index");
    }

    [Fact]
    public async Task Health_tells_what_answers_and_that_a_folder_is_gone()
    {
        using IHost host = Build();
        var check = new SwanIndexHealthCheck(host.Services);
        var context = new HealthCheckContext
        {
            Registration = new HealthCheckRegistration("index", check, HealthStatus.Unhealthy, tags: null),
        };
        HealthCheckResult result = await check.CheckHealthAsync(context, TestContext.Current.CancellationToken);
        Assert.Equal((HealthStatus.Healthy, 1), (result.Status, (int)result.Data["rows"]));
        Write("second", [0, 1]);
        result = await check.CheckHealthAsync(context, TestContext.Current.CancellationToken);
        Assert.Equal(2, (int)result.Data["rows"]);

        Directory.Move(Folder, _hosts.Folder.File("away"));
        result = await check.CheckHealthAsync(context, TestContext.Current.CancellationToken);
        Assert.Equal((HealthStatus.Degraded, 2), (result.Status, (int)result.Data["rows"]));
        Assert.Single(_hosts.Log.Of(Unreadable));
        Directory.Move(_hosts.Folder.File("away"), Folder);
        result = await check.CheckHealthAsync(context, TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Healthy, result.Status);
    }

    [Fact]
    public async Task A_damaged_folder_leaves_the_state_before_in_service()
    {
        using IHost host = Build();
        var index = host.Services.GetRequiredService<SwanLiveIndex>();
        var check = new SwanIndexHealthCheck(host.Services);
        var context = new HealthCheckContext { Registration = new("index", check, HealthStatus.Unhealthy, tags: null) };
        string manifest = Path.Combine(Folder, "manifest.json");
        byte[] good = File.ReadAllBytes(manifest);
        File.WriteAllText(manifest, "{}");
        await Eventually.True(() => _hosts.Log.Of(Unreadable).Length == 1, "the damage is reported");
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("first", index.Search([1, 0], 1)[0].Key);
            // Looks of searches are due again meanwhile.
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        HealthCheckResult result = await check.CheckHealthAsync(context, TestContext.Current.CancellationToken);
        Assert.Equal((HealthStatus.Degraded, 1), (result.Status, (int)result.Data["rows"]));
        Assert.Contains("manifest.json", result.Description, StringComparison.Ordinal);
        Assert.IsType<SwanFormatException>(result.Exception);
        Assert.Single(_hosts.Log.Of(Unreadable));

        File.WriteAllBytes(manifest, good);
        Write("second", [0, 1]);
        await Eventually.True(() => index.Search([0, 1], 1)[0].Key == "second", "the next commit is in service");
    }

    [Fact]
    public async Task A_logger_that_throws_ends_neither_service_nor_following()
    {
        using var failing = new FailingLog();
        using IHost host = _hosts.Build(services =>
        {
            services.AddLogging(logging => logging.AddProvider(failing));
            services.AddSwanIndex(Folder, o => o.RefreshInterval = TimeSpan.FromMilliseconds(20));
        });
        var index = host.Services.GetRequiredService<SwanLiveIndex>();
        for (int i = 0; i < 3; i++)
        {
            int before = failing.Calls;
            Write($"{i}", [0, 1]);
            // Nobody searches: the follower alone looks and tells.
            await Eventually.True(() => failing.Calls > before, "the follower looks on");
        }
        Assert.Equal(4, index.Count);
        host.Dispose();
        ObjectDisposedException e = Assert.Throws<ObjectDisposedException>(() => index.Count);
        Assert.Contains("is closed because its container was disposed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_folder_without_a_key_of_its_own_is_refused()
    {
        string other = _hosts.Folder.File("other");
        using IHost host = _hosts.Build(services =>
        {
            services.AddSwanIndex(Folder).AddKeyedSwanIndex("tiles", Folder);
            string message = Assert.Throws<ArgumentException>(() => services.AddSwanIndex(other)).Message;
            Assert.Contains($"has already added the index in '{Folder}'", message, StringComparison.Ordinal);
            Assert.Contains($"replace it with the one in '{other}'", message, StringComparison.Ordinal);
            message = Assert.Throws<ArgumentException>(() => services.AddKeyedSwanIndex("tiles", other)).Message;
            Assert.Contains("AddKeyedSwanIndex(\"tiles\")", message, StringComparison.Ordinal);
            // The same folder, written otherwise: its options change.
            services.AddSwanIndex(Path.Combine(Folder, "..", Path.GetFileName(Folder)) + "/", o => o.WarmUp = true);
        });
        Assert.Equal(Folder, host.Services.GetRequiredService<SwanLiveIndex>().Folder);
        Assert.True(host.Services.GetRequiredService<IOptions<SwanIndexServiceOptions>>().Value.WarmUp);
        Assert.Single(host.Services.GetServices<SwanLiveIndex>());
    }

    [Fact]
    public async Task An_index_that_can_not_be_opened_fails_check_and_warm_start()
    {
        File.WriteAllText(Path.Combine(Folder, "manifest.json"), "{}");
        using IHost lazy = Build();
        var check = new SwanIndexHealthCheck(lazy.Services);
        HealthCheckResult result = await check.CheckHealthAsync(
            new HealthCheckContext { Registration = new HealthCheckRegistration("index", check, HealthStatus.Unhealthy, tags: null) },
            TestContext.Current.CancellationToken);
        Assert.Equal((HealthStatus.Unhealthy, true), (result.Status, result.Exception is SwanFormatException));
        using IHost eager = _hosts.Build(services => services.AddSwanIndex(Folder, o => o.WarmUp = true));
        await Assert.ThrowsAsync<SwanFormatException>(() => eager.StartAsync());
    }

    [Fact]
    public async Task Wrong_options_end_the_start_together()
    {
        using IHost host = _hosts.Build(services => services.AddKeyedSwanIndex(
            "tiles", _hosts.Folder.File("nowhere"), o => o.RefreshInterval = TimeSpan.Zero));
        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Equal(2, e.Failures.Count());
        Assert.All(e.Failures, failure => Assert.StartsWith("SwanIndexServiceOptions 'tiles': ", failure, StringComparison.Ordinal));
    }

    [Fact]
    public void Several_indexes_have_keys_of_their_own()
    {
        string other = _hosts.Folder.File("other");
        SwanLiveIndex.Create(other, new SwanIndexSettings(7)).Dispose();
        using IHost host = _hosts.Build(services => services.AddSwanIndex(Folder).AddKeyedSwanIndex("other", other));
        Assert.Equal(2, host.Services.GetRequiredService<SwanLiveIndex>().EmbeddingSize);
        Assert.Equal(7, host.Services.GetRequiredKeyedService<SwanLiveIndex>("other").EmbeddingSize);
    }

    // Fails whenever an index is told of.
    private sealed class FailingLog : ILoggerProvider, ILogger
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id is not (InService or Unreadable)) return;
            Interlocked.Increment(ref _calls);
            throw new InvalidOperationException("The log's disk is full.");
        }

        public void Dispose()
        {
        }
    }

    private IHost Build() =>
        _hosts.Build(services => services.AddSwanIndex(Folder, o => o.RefreshInterval = TimeSpan.FromMilliseconds(20)));

    private void Write(string key, float[] embedding)
    {
        using SwanLiveIndex index = SwanLiveIndex.Open(Folder);
        using SwanIndexWriter writer = index.OpenWriter();
        writer.Upsert(key, embedding);
        writer.Commit(TestContext.Current.CancellationToken);
    }
}
