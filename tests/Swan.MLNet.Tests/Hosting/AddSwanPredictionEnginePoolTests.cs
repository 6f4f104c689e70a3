using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Swan.MLNet.Hosting;
using Answer = Swan.Testing.TinyPipeline.Answer;
using Query = Swan.Testing.TinyPipeline.Query;

namespace Swan.MLNet.Tests.Hosting;

public sealed class AddSwanPredictionEnginePoolTests : IDisposable
{
    private readonly SwanHosts _hosts = new();

    public void Dispose() => _hosts.Dispose();

    [Fact]
    public async Task Pools_are_services_with_options_of_their_own()
    {
        string first = _hosts.Folder.File("first.zip"), second = _hosts.Folder.File("second.zip");
        TinyPipeline.Replace(first, TinyPipeline.Bytes(_hosts.Folder, 1));
        TinyPipeline.Replace(second, TinyPipeline.Bytes(_hosts.Folder, 2));
        using IHost host = _hosts.Build(services => services
            .AddSwanPredictionEnginePool<Query, Answer>(o => (o.PipelinePath, o.WarmUp) = (first, true))
            .AddSwanPredictionEnginePool<Query, Version>(o => o.PipelinePath = second)
            .AddKeyedSwanPredictionEnginePool<Query, Answer>("second", o => o.PipelinePath = second));
        await host.StartAsync();
        LogEntry opened = Assert.Single(_hosts.Log.Entries, e => e.Id == SwanHosts.PipelineInService);
        Assert.Contains(first, opened.Message, StringComparison.Ordinal);
        var pool = host.Services.GetRequiredService<SwanPredictionEnginePool<Query, Answer>>();
        Assert.Equal(1, pool.Predict(new Query { Text = "river" }).Version);
        Assert.Equal(
            2, host.Services.GetRequiredService<SwanPredictionEnginePool<Query, Version>>().Predict(new Query { Text = "river" }).Number);
        Assert.Equal(2, host.Services.GetRequiredKeyedService<SwanPredictionEnginePool<Query, Answer>>("second")
            .Predict(new Query { Text = "river" }).Version);
        await host.StopAsync();
        host.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Predict(new Query()));
    }

    [Fact]
    public void Pools_whose_row_types_have_the_same_simple_names_have_options_of_their_own()
    {
        string first = _hosts.Folder.File("first.zip"), second = _hosts.Folder.File("second.zip");
        TinyPipeline.Replace(first, TinyPipeline.Bytes(_hosts.Folder, 1));
        TinyPipeline.Replace(second, TinyPipeline.Bytes(_hosts.Folder, 2));
        using IHost host = _hosts.Build(services => services
            .AddSwanPredictionEnginePool<Query, Answer>(o => o.PipelinePath = first)
            .AddSwanPredictionEnginePool<Other.Query, Answer>(o => o.PipelinePath = second));
        Assert.Equal(
            1, host.Services.GetRequiredService<SwanPredictionEnginePool<Query, Answer>>().Predict(new Query { Text = "river" }).Version);
        Assert.Equal(2, host.Services.GetRequiredService<SwanPredictionEnginePool<Other.Query, Answer>>()
            .Predict(new Other.Query { Text = "river" }).Version);
    }

    [Fact]
    public async Task A_health_check_says_whether_the_latest_file_is_served()
    {
        string first = _hosts.Folder.File("first.zip"), broken = _hosts.Folder.File("broken.zip");
        TinyPipeline.Replace(first, TinyPipeline.Bytes(_hosts.Folder, 1));
        TinyPipeline.Replace(broken, "no zip"u8.ToArray());
        using IHost host = _hosts.Build(services => services
            .AddSwanPredictionEnginePool<Query, Answer>(o => (o.PipelinePath, o.QuietPeriod) = (first, TimeSpan.FromMilliseconds(20)))
            .AddKeyedSwanPredictionEnginePool<Query, Answer>("broken", o => o.PipelinePath = broken));
        HealthCheckResult healthy = await Health(host);
        Assert.Equal((HealthStatus.Healthy, 1), (healthy.Status, (int)healthy.Data["version"]));

        var pool = host.Services.GetRequiredService<SwanPredictionEnginePool<Query, Answer>>();
        TinyPipeline.Replace(first, "no zip"u8.ToArray());
        await Eventually.True(() => pool.LastFault is not null, "the file is refused");
        HealthCheckResult refused = await Health(host);
        Assert.Equal(HealthStatus.Degraded, refused.Status);
        Assert.Contains($"version 1 answers: {pool.LastFault}", refused.Description, StringComparison.Ordinal);

        HealthCheckResult unopened = await Health(host, "broken");
        Assert.Equal(HealthStatus.Unhealthy, unopened.Status);
        Assert.Contains("The pool can't be opened:", unopened.Description, StringComparison.Ordinal);
    }

    private static Task<HealthCheckResult> Health(IHost host, string? key = null)
    {
        var check = new SwanPredictionEnginePoolHealthCheck<Query, Answer>(host.Services, key);
        var context = new HealthCheckContext
        {
            Registration = new HealthCheckRegistration("pool", check, HealthStatus.Unhealthy, tags: null),
        };
        return check.CheckHealthAsync(context, TestContext.Current.CancellationToken);
    }

    private static class Other
    {
        public sealed class Query : TinyPipeline.Query;
    }

    private sealed class Version
    {
        [Microsoft.ML.Data.ColumnName("Version")]
        public float Number { get; set; }
    }
}
