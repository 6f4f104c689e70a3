using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Swan.MLNet.Hosting;
using Swan.MLNet.Models;
using Answer = Swan.Testing.TinyPipeline.Answer;
using Query = Swan.Testing.TinyPipeline.Query;

namespace Swan.MLNet.Tests.Hosting;

public sealed class ContainerOwnedTests : IDisposable
{
    private readonly SwanHosts _hosts = new();

    public void Dispose() => _hosts.Dispose();

    [Fact]
    public void The_container_owns_the_model()
    {
        SwanModel model;
        using (IHost host = _hosts.Build(services => services.AddSwan(o => o.ModelPath = _hosts.ModelPath)))
        {
            model = host.Services.GetRequiredService<SwanModel>();
            SwanHosts.Captions(host);
        }
        Assert.Throws<ObjectDisposedException>(() => model.EmbedCaption("river"));
    }

    [Fact]
    public async Task Disposing_what_a_container_handed_out_does_nothing()
    {
        string pipeline = _hosts.Folder.File("pipeline.zip");
        TinyPipeline.Replace(pipeline, TinyPipeline.Bytes(_hosts.Folder, 1));
        var image = new DataContent(File.ReadAllBytes(TinyImages.Write(_hosts.Folder.FullName, "a.png", 1)), "image/png");
        using IHost host = _hosts.Build(services =>
        {
            services.AddSwan(o => o.ModelPath = _hosts.ModelPath).AddUnkeyedCaptionGenerator();
            services.AddKeyedSwan("inside");
            services.AddSwanPredictionEnginePool<Query, Answer>(o => o.PipelinePath = pipeline);
        });
        for (int use = 0; use < 2; use++)
        {
            using SwanModel model = host.Services.GetRequiredService<SwanModel>();
            using SwanModel inside = host.Services.GetRequiredKeyedService<SwanModel>("inside");
            using IEmbeddingGenerator<string, Embedding<float>> captions = SwanHosts.Captions(host);
            using var text = host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
            using var images = host.Services.GetRequiredService<IEmbeddingGenerator<DataContent, Embedding<float>>>();
            using var pool = host.Services.GetRequiredService<SwanPredictionEnginePool<Query, Answer>>();
            Assert.Equal(TinyModel.EmbeddingSize, model.EmbedCaption("river").Length);
            Assert.Equal(SwanModel.Default.EmbeddingSize, inside.EmbedCaption("river").Length);
            Assert.Equal(TinyModel.EmbeddingSize, (await captions.GenerateVectorAsync("river")).Length);
            Assert.Equal(TinyModel.EmbeddingSize, (await text.GenerateVectorAsync("river")).Length);
            Assert.Equal(TinyModel.EmbeddingSize, (await images.GenerateVectorAsync(image)).Length);
            Assert.Equal(1, pool.Predict(new Query { Text = "river" }).Version);
        }
    }
}
