using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Swan.MLNet.Hosting;
using Swan.MLNet.Models;
using Answer = Swan.Testing.TinyPipeline.Answer;
using Query = Swan.Testing.TinyPipeline.Query;

namespace Swan.MLNet.Tests.Hosting;

public sealed class WarmUpServiceTests : IDisposable
{
    private readonly SwanHosts _hosts = new();

    public void Dispose() => _hosts.Dispose();

    [Fact]
    public async Task The_model_is_opened_at_its_first_use_or_at_the_start_if_asked()
    {
        using (IHost lazy = _hosts.Build(services => services.AddSwan(o => o.ModelPath = _hosts.ModelPath)))
        {
            await lazy.StartAsync();
            Assert.Empty(_hosts.Log.Of(SwanHosts.ModelOpened));
            lazy.Services.GetRequiredService<SwanModel>();
            Assert.Single(_hosts.Log.Of(SwanHosts.ModelOpened));
            await lazy.StopAsync();
        }
        using IHost eager =
            _hosts.Build(services => services.AddSwan(
                o => (o.ModelPath, o.Device, o.Threads, o.WarmUp) = (_hosts.ModelPath, SwanDevice.Cpu, 1, true)));
        await eager.StartAsync();
        LogEntry entry = _hosts.Log.Of(SwanHosts.ModelOpened)[^1];
        Assert.Equal(2, _hosts.Log.Of(SwanHosts.ModelOpened).Length);
        Assert.Equal((LogLevel.Information, "Swan.MLNet.Models.SwanModel"), (entry.Level, entry.Category));
        Assert.Contains("tiny, embeddings of 6, cpu, 1 thread: as requested", entry.Message, StringComparison.Ordinal);
        await eager.StopAsync();
    }

    [Fact]
    public async Task A_model_that_can_not_be_used_ends_the_start_if_it_is_opened_then()
    {
        string broken = _hosts.Folder.File("broken.swan");
        File.WriteAllText(broken, "no model");
        using IHost host = _hosts.Build(services => services.AddSwan(o => (o.ModelPath, o.WarmUp) = (broken, true)));
        SwanFormatException e = await Assert.ThrowsAsync<SwanFormatException>(() => host.StartAsync());
        Assert.Contains("broken.swan", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_opened_at_the_start_is_ours_and_not_the_applications_own()
    {
        string pipeline = _hosts.Folder.File("pipeline.zip");
        TinyPipeline.Replace(pipeline, TinyPipeline.Bytes(_hosts.Folder, 1));
        using SwanModel own = SwanModel.Open(_hosts.ModelPath);
        using var ownPool = new SwanPredictionEnginePool<Query, Answer>(TinyPipeline.Options(pipeline));
        foreach (bool after in (bool[])[false, true])
        {
            int models = _hosts.Log.Of(SwanHosts.ModelOpened).Length, pipelines = _hosts.Log.Of(SwanHosts.PipelineInService).Length;
            using IHost host = _hosts.Build(services =>
            {
                void Register() => services.AddSingleton(own).AddSingleton(ownPool);
                if (!after) Register();
                services.AddSwan(o => (o.ModelPath, o.WarmUp) = (_hosts.ModelPath, true));
                services.AddSwanPredictionEnginePool<Query, Answer>(o => (o.PipelinePath, o.WarmUp) = (pipeline, true));
                if (after) Register();
            });
            await host.StartAsync();
            Assert.Equal(models + 1, _hosts.Log.Of(SwanHosts.ModelOpened).Length);
            Assert.Equal(pipelines + 1, _hosts.Log.Of(SwanHosts.PipelineInService).Length);
            await host.StopAsync();
        }
    }
}
