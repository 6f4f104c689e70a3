using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Answer = Swan.Testing.TinyPipeline.Answer;
using Query = Swan.Testing.TinyPipeline.Query;

namespace Swan.MLNet.Tests.Hosting;

public sealed class SwanOptionsValidationTests : IDisposable
{
    private readonly SwanHosts _hosts = new();

    public void Dispose() => _hosts.Dispose();

    [Fact]
    public async Task All_faults_of_the_options_are_told_together_when_the_host_starts()
    {
        using IHost host = _hosts.Build(services => services.AddSwan(o =>
        {
            o.ModelPath = _hosts.Folder.File("nowhere.swan");
            o.Threads = -1;
            o.BatchSize = 5000;
            o.Concurrency = 0;
            o.MaxImagePixels = 536_870_912;
            o.MaxImageBytes = 0;
        }));
        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        string[] expected =
        [
            "nowhere.swan", "Threads is -1", "BatchSize is 5000", "Concurrency is 0",
            "MaxImagePixels is 536870912; expected 1 to 536870911",
            "MaxImageBytes is 0; expected 1 to 2147483591",
        ];
        Assert.Equal(expected.Length, e.Failures.Count());
        Assert.All(expected, fault => Assert.Contains(e.Failures, f => f.Contains(fault, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Faults_of_several_models_and_pools_are_told_together_and_say_whose_they_are()
    {
        using IHost host = _hosts.Build(services =>
        {
            services.AddKeyedSwan("fast", o => o.Threads = -1);
            services.AddKeyedSwan("exact", o => o.ModelPath = " ");
            services.AddSwanPredictionEnginePool<Query, Answer>(_ => { });
        });
        AggregateException e = await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync());
        string message = e.ToString();
        Assert.All(
            ["SwanOptions 'fast': Threads is -1", "SwanOptions 'exact': ModelPath is blank",
                $"'{typeof(Query)} → {typeof(Answer)}': PipelinePath is not set"],
            fault => Assert.Contains(fault, message, StringComparison.Ordinal));
    }
}
