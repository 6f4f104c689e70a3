using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Swan.MLNet.Hosting;

namespace Swan.MLNet.Tests.Hosting;

/// <summary>Hosts with services of Swan, the file of a tiny model, and what all of them log.</summary>
internal sealed class SwanHosts : IDisposable
{
    /// <summary>The log entry when a model is open.</summary>
    public const int ModelOpened = 1;

    /// <summary>The log entry when a pool serves a file's content.</summary>
    public const int PipelineInService = 10;

    public SwanHosts() => ModelPath = TinyModel.Write(Folder.FullName);

    public TemporaryFolder Folder { get; } = new();

    public RecordedLog Log { get; } = new();

    public string ModelPath { get; }

    public static IEmbeddingGenerator<string, Embedding<float>> Captions(IHost host) =>
        host.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(SwanBuilder.CaptionGeneratorKey);

    /// <summary>A host that the caller disposes, with these services.</summary>
    public IHost Build(Action<IServiceCollection> add)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(Log);
        add(builder.Services);
        return builder.Build();
    }

    public void Dispose()
    {
        Log.Dispose();
        Folder.Dispose();
    }
}
