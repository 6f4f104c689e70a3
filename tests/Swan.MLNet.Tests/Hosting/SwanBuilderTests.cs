using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Swan.MLNet.Tests.Hosting;

public sealed class SwanBuilderTests : IDisposable
{
    private readonly SwanHosts _hosts = new();

    public void Dispose() => _hosts.Dispose();

    [Fact]
    public void Text_of_the_application_is_embedded_by_swan_only_where_asked()
    {
        using var own = new OwnGenerator();
        using IHost host = _hosts.Build(services =>
        {
            services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(own);
            services.AddSwan(o => o.ModelPath = _hosts.ModelPath);
            services.AddKeyedSwan("other", o => o.ModelPath = _hosts.ModelPath);
        });
        Assert.Same(own, host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>());
        Assert.Single(host.Services.GetServices<IEmbeddingGenerator<string, Embedding<float>>>());

        using IHost alone = _hosts.Build(services => services.AddSwan(o => o.ModelPath = _hosts.ModelPath));
        Assert.Null(alone.Services.GetService<IEmbeddingGenerator<string, Embedding<float>>>());

        using IHost asked = _hosts.Build(services =>
        {
            services.AddSwan(o => o.ModelPath = _hosts.ModelPath);
            services.AddKeyedSwan("other", o => o.ModelPath = _hosts.ModelPath).AddUnkeyedCaptionGenerator().AddUnkeyedCaptionGenerator();
        });
        Assert.Same(
            asked.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("other"),
            Assert.Single(asked.Services.GetServices<IEmbeddingGenerator<string, Embedding<float>>>()));
    }

    private sealed class OwnGenerator : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult<GeneratedEmbeddings<Embedding<float>>>([]);

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
