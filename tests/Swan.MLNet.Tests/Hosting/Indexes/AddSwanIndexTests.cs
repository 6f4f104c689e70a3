using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
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
