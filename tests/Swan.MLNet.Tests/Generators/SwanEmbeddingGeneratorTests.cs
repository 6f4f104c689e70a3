using Microsoft.Extensions.AI;
using Swan.MLNet.Generators;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.Generators;

public sealed class SwanEmbeddingGeneratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SwanModel _model;

    public SwanEmbeddingGeneratorTests() => _model = SwanModel.Open(TinyModel.Write(_folder.FullName));

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Texts_and_images_have_the_models_own_embeddings()
    {
        using var generator = new SwanEmbeddingGenerator(_model);
        IEmbeddingGenerator<string, Embedding<float>> texts = generator;
        IEmbeddingGenerator<DataContent, Embedding<float>> images = generator;
        string path = TinyImages.Write(_folder.FullName, "a.png", seed: 1);
        Assert.Equal(_model.EmbedCaption("green river"), (await texts.GenerateVectorAsync("green river")).ToArray());
        Assert.Equal(_model.EmbedImage(path), (await images.GenerateVectorAsync(await DataContent.LoadFromAsync(path))).ToArray());
    }

    [Fact]
    public void It_gives_the_services_of_both_kinds()
    {
        using var generator = new SwanEmbeddingGenerator(_model);
        Assert.Same(generator, generator.GetService(typeof(IEmbeddingGenerator<DataContent, Embedding<float>>)));
        Assert.Same(_model, generator.GetService(typeof(SwanModel)));
        Assert.Same(_model.Card, generator.GetService(typeof(ModelCard)));
        Assert.IsType<EmbeddingGeneratorMetadata>(generator.GetService(typeof(EmbeddingGeneratorMetadata)));
        Assert.Null(generator.GetService(typeof(SwanModel), "a key"));
    }

    [Fact]
    public void A_generator_that_owns_its_model_disposes_it_and_no_other_does()
    {
        SwanModel owned = SwanModel.Open(_folder.File(Path.GetFileName(Directory.GetFiles(_folder.FullName, "*.swan")[0])));
        new SwanEmbeddingGenerator(_model).Dispose();
        new SwanEmbeddingGenerator(owned, new SwanGeneratorOptions { OwnsModel = true }).Dispose();
        Assert.Throws<ObjectDisposedException>(() => owned.EmbedCaption("river"));
        Assert.NotEmpty(_model.EmbedCaption("river"));
    }
}
