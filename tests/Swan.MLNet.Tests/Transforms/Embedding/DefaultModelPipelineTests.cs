using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

/// <summary>Pipelines that name no model.</summary>
public sealed class DefaultModelPipelineTests : IDisposable
{
    private static readonly string[] Captions = ["planes parked at an airport", "a river in a green forest", "many boats in a harbor"];

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string[] _images;

    public DefaultModelPipelineTests() =>
        _images = [.. Enumerable.Range(0, 3).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", seed: i, width: 200, height: 180))];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Default_model_steps_embed_images_and_captions_as_the_model_does()
    {
        IDataView images = Embedded(new EstimatorChain<ITransformer>().AppendSwanEmbedding(_ml, "Embedding", "ImagePath"), Images());
        IDataView captions = Embedded(new EstimatorChain<ITransformer>().AppendSwanCaptionEmbedding(_ml, "Embedding", "Text"), Texts());
        Same(_images.Select(SwanModel.Default.EmbedImage), images);
        Same(Captions.Select(SwanModel.Default.EmbedCaption), captions);
        SwanIndex index = _ml.Swan().BuildIndex(images, "Embedding", "ImagePath");
        Assert.Equal(SwanModel.Default.Card.Identity, index.Model);
        Assert.Equal(3, index.SearchCaption(SwanModel.Default, "a river", k: 3).Length);
    }

    [Fact]
    public void Saved_ones_hold_their_encoder_and_give_the_same_vectors_where_they_are_loaded()
    {
        string images = Save(_ml.Transforms.SwanEmbedding("Embedding", "ImagePath"), Images()),
            captions = Save(_ml.Transforms.SwanCaptionEmbedding("Embedding", "Text"), Texts());
        Assert.Equal([true, false, false, true],
            new[] { images, captions }.SelectMany(p => new[] { Holds(p, "image.onnx"), Holds(p, "text.onnx") }));
        ITransformer loaded = _ml.Model.Load(images, out _);
        Same(_images.Select(SwanModel.Default.EmbedImage), loaded.Transform(Images()));
        // The model that made an embedding is known from the embedding alone, as before.
        Assert.Equal(SwanModel.Default.Card.Identity, _ml.Swan().BuildIndex(loaded.Transform(Images()), "Embedding", "ImagePath").Model);
        ((IDisposable)loaded).Dispose();
        JsonNode report = LoadOnlyProcess.Run(captions, "Text", Captions);
        Assert.False(report["LoadedBefore"]!.GetValue<bool>());
        for (int i = 0; i < Captions.Length; i++)
            Near(SwanModel.Default.EmbedCaption(Captions[i]), LoadOnlyProcess.Vector(report, i, "Embedding"));
    }

    [Fact]
    public void Default_model_steps_share_one_model_that_outlives_them()
    {
        SwanEmbeddingTransformer first = _ml.Transforms.SwanEmbedding("Embedding", "ImagePath").Fit(Images()),
            second = _ml.Transforms.SwanEmbedding("Embedding", "ImagePath").Fit(Images());
        Assert.Same(SwanModel.Default.ImageEncoder, first.Lease.Images);
        Assert.Same(SwanModel.Default.ImageEncoder, second.Lease.Images);
        first.Dispose();
        Same(_images.Select(SwanModel.Default.EmbedImage), second.Transform(Images()));
    }

    [Fact]
    public void A_default_model_step_with_threads_or_device_owns_its_encoder()
    {
        SwanEmbeddingTransformer own =
            _ml.Transforms.SwanEmbedding("Embedding", "ImagePath", new() { Device = SwanDevice.Cpu, Threads = 1 }).Fit(Images());
        Assert.Equal("cpu, 1 thread: as requested", own.DeviceReport);
        Assert.NotSame(SwanModel.Default.ImageEncoder, own.Lease.Images);
        IDataView view = own.Transform(Images());
        Same(_images.Select(SwanModel.Default.EmbedImage), view);
        own.Dispose();
        Assert.ThrowsAny<Exception>(() => view.GetColumn<float[]>("Embedding").ToArray());
        Assert.NotEmpty(SwanModel.Default.EmbedImage(_images[0]));
    }

    [Fact]
    public void Options_and_lambdas_mean_what_they_mean_with_a_model()
    {
        var options = new SwanEmbeddingOptions { Rotations = 4 };
        IDataView expected = _ml.Transforms.SwanEmbedding("Embedding", "ImagePath", SwanModel.Default, options)
            .Fit(Images())
            .Transform(Images());
        float[][] rotated = [.. expected.GetColumn<float[]>("Embedding")];
        Same(rotated, _ml.Transforms.SwanEmbedding("Embedding", "ImagePath", options).Fit(Images()).Transform(Images()));
        Same(rotated,
            _ml.Transforms.SwanEmbedding("Embedding", "ImagePath", options: new() { Rotations = 4 }).Fit(Images()).Transform(Images()));
        Same(rotated, Embedded(
            new EstimatorChain<ITransformer>().AppendSwanEmbedding(_ml, "Embedding", "ImagePath", new() { Rotations = 4 }), Images()));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.SwanEmbedding("Embedding", "ImagePath", new() { BatchSize = 0 }));
    }

    [Fact]
    public void Classes_given_as_words_need_no_model_either()
    {
        var options = new SwanZeroShotOptions { Classes = ["airport", "river", "harbor"], PromptTemplates = ["{0}"] };
        IDataView captions = _ml.Data.LoadFromEnumerable(options.Classes.Select(c => new { Text = c }));
        EstimatorChain<SwanEmbeddingTransformer> embed =
            new EstimatorChain<ITransformer>().AppendSwanCaptionEmbedding(_ml, "Embedding", "Text");
        IDataView byOptions = embed.AppendSwanZeroShot(_ml, "PredictedLabel", "Score", "Embedding", options)
            .Fit(captions)
            .Transform(captions);
        IDataView byLambda = embed.AppendSwanZeroShot(_ml, "PredictedLabel", "Score", "Embedding",
            new() { Classes = options.Classes, PromptTemplates = options.PromptTemplates }).Fit(captions).Transform(captions);
        Assert.Equal([1u, 2, 3], byOptions.GetColumn<uint>("PredictedLabel"));
        Assert.Equal([1u, 2, 3], byLambda.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(
            SwanModel.Default.Card.Identity, _ml.Transforms.SwanZeroShot("PredictedLabel", "Score", "Embedding", options).Classes.Model);
    }

    [Fact]
    public void A_model_file_in_the_input_columns_place_is_told_at_once()
    {
        var e = Assert.Throws<ArgumentException>(() => _ml.Transforms.SwanEmbedding("Embedding", "mine.swan"));
        Assert.Contains("'mine.swan', which looks like a model file", e.Message, StringComparison.Ordinal);
    }

    private static IDataView Embedded(EstimatorChain<SwanEmbeddingTransformer> pipeline, IDataView data) =>
        pipeline.Fit(data).Transform(data);

    private IDataView Images() => _ml.Data.LoadFromEnumerable(_images.Select(path => new { ImagePath = path }));

    private IDataView Texts() => _ml.Data.LoadFromEnumerable(Captions.Select(text => new { Text = text }));

    private string Save(IEstimator<ITransformer> estimator, IDataView data)
    {
        string path = _folder.File($"{Guid.NewGuid():N}.zip");
        _ml.Model.Save(estimator.Fit(data), data.Schema, path);
        return path;
    }

    private static bool Holds(string pipeline, string entry)
    {
        using var zip = System.IO.Compression.ZipFile.OpenRead(pipeline);
        return zip.Entries.Any(e => e.Name == entry);
    }

    private static void Same(IEnumerable<float[]> expected, IDataView found)
    {
        float[][] vectors = [.. found.GetColumn<float[]>("Embedding")];
        float[][] wanted = [.. expected];
        Assert.Equal(wanted.Length, vectors.Length);
        for (int i = 0; i < wanted.Length; i++) Near(wanted[i], vectors[i]);
    }

    // Batches of another size, and other threads, add up in another order.
    private static void Near(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], tolerance: 1e-5f);
    }
}
