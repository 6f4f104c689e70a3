using Microsoft.Extensions.AI;
using Swan.MLNet.Generators;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.Generators;

public sealed class SwanImageEmbeddingGeneratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SwanModel _model;

    public SwanImageEmbeddingGeneratorTests() => _model = SwanModel.Open(TinyModel.Write(_folder.FullName));

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(32)]
    public async Task Vectors_are_the_models_own_bit_for_bit_and_in_order(int batchSize)
    {
        string[] paths = [.. Enumerable.Range(0, 9).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", i, 10 + i, 12))];
        using var generator = new SwanImageEmbeddingGenerator(_model, new SwanGeneratorOptions { BatchSize = batchSize });
        GeneratedEmbeddings<Embedding<float>> answer = await generator.GenerateAsync(paths.Select(Png));
        Assert.Equal((paths.Length + batchSize - 1) / batchSize, _model.ImageEncoder.Session.Batches);
        Assert.Equal(_model.EmbedImages(paths, batchSize), answer.SelectMany(e => e.Vector.ToArray()));
        TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(paths[7])), answer[7].Vector.Span);
        Assert.Equal("tiny", answer[8].ModelId);
        Assert.Null(answer.Usage);
    }

    [Fact]
    public async Task Bytes_a_data_URI_and_a_file_of_the_same_image_give_the_same_vector()
    {
        string path = TinyImages.Write(_folder.FullName, "a.png", 1);
        DataContent[] contents =
        [
            Png(path),
            new DataContent($"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(path))}"),
            await DataContent.LoadFromAsync(path),
            // What the bytes are decides, as in a browser.
            new DataContent(File.ReadAllBytes(path), "image/jpeg"),
        ];
        using var generator = new SwanImageEmbeddingGenerator(_model, new SwanGeneratorOptions { BatchSize = 1 });
        float[] expected = _model.EmbedImage(path);
        Assert.All(await generator.GenerateAsync(contents), e => Assert.Equal(expected, e.Vector.ToArray()));
    }

    [Fact]
    public async Task Contents_that_are_no_images_are_named_with_their_media_types_before_anything_is_embedded()
    {
        using var generator = new SwanImageEmbeddingGenerator(_model);
        DataContent image = Png(TinyImages.Write(_folder.FullName, "a.png", 1));
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(
            () => generator.GenerateAsync([
                image, new DataContent(new byte[] { 1 }, "audio/wav"), image, new DataContent("data:text/plain,river")]));
        Assert.Contains("2 of 4 contents", e.Message, StringComparison.Ordinal);
        Assert.Contains(
            "content 1 has the media type 'audio/wav'; content 3 has the media type 'text/plain'", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, _model.ImageEncoder.Session.Runs);
    }

    [Fact]
    public async Task A_broken_image_is_named_by_its_index_and_by_its_name_where_it_has_one()
    {
        using var generator = new SwanImageEmbeddingGenerator(_model);
        DataContent good = Png(TinyImages.Write(_folder.FullName, "a.png", 1));
        SwanImageException unnamed = await Assert.ThrowsAsync<SwanImageException>(
            () => generator.GenerateAsync([good, new DataContent(new byte[] { 1, 2, 3 }, "image/png")]));
        Assert.Equal("image 1 of the request (image/png)", unnamed.ImageName);
        SwanImageException named = await Assert.ThrowsAsync<SwanImageException>(
            () => generator.GenerateAsync([new DataContent(new byte[] { 1, 2, 3 }, "image/png") { Name = "roof.png" }]));
        Assert.Equal("roof.png (image 0 of the request)", named.ImageName);
    }

    [Fact]
    public async Task The_limits_of_the_options_are_kept()
    {
        using var generator = new SwanImageEmbeddingGenerator(
            _model, new SwanGeneratorOptions { Decoding = new ImageDecodingOptions { MaxPixels = 100 } });
        DataContent image = Png(TinyImages.Write(_folder.FullName, "a.png", 1, 20, 14));
        SwanImageException e = await Assert.ThrowsAsync<SwanImageException>(() => generator.GenerateAsync([image]));
        Assert.Equal(ImageFault.TooLarge, e.Fault);
    }

    [Fact]
    public async Task What_the_model_does_not_have_is_refused()
    {
        using var generator = new SwanImageEmbeddingGenerator(_model);
        DataContent image = Png(TinyImages.Write(_folder.FullName, "a.png", 1));
        await Assert.ThrowsAsync<ArgumentException>(
            () => generator.GenerateAsync([image], new EmbeddingGenerationOptions { Dimensions = 512 }));
        Assert.Equal(0, _model.ImageEncoder.Session.Runs);
    }

    [Fact]
    public async Task A_canceled_request_ends()
    {
        using var generator = new SwanImageEmbeddingGenerator(_model);
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();
        DataContent image = Png(TinyImages.Write(_folder.FullName, "a.png", 1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync([image], cancellationToken: canceled.Token));
    }

    [Fact]
    public void Its_metadata_is_the_models()
    {
        using IEmbeddingGenerator<DataContent, Embedding<float>> generator = new SwanImageEmbeddingGenerator(_model);
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>();
        Assert.Equal(("swan", "tiny", 6), (metadata?.ProviderName, metadata?.DefaultModelId, metadata?.DefaultModelDimensions));
    }

    private static DataContent Png(string path) => new(File.ReadAllBytes(path), "image/png");
}
