using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;
using Swan.MLNet.Generators;
using Swan.MLNet.Hosting;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>Everything that an image comes in through takes the limits.</summary>
public sealed class ImageDecodingOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _image;

    public ImageDecodingOptionsTests()
    {
        _model = TinyModel.Write(_folder.FullName);
        _image = TinyImages.Write(_folder.FullName, "a.png", 1);
    }

    public static TheoryData<string> Ways => [.. Entrances.Keys];

    // Each embeds the image under the limits, and throws what is wrong with it.
    private static Dictionary<string, Func<ImageDecodingOptionsTests, ImageDecodingOptions, Task>> Entrances { get; } = new()
    {
        ["EmbedImage(path)"] = Model((model, path) => model.EmbedImage(path)),
        ["EmbedImage(bytes)"] = Model((model, path) => model.EmbedImage(File.ReadAllBytes(path))),
        ["EmbedImage(stream)"] = Model((model, path) => model.EmbedImage(File.OpenRead(path))),
        ["EmbedImages(paths)"] = Model((model, path) => model.EmbedImages([path, path])),
        ["EmbedImages(bytes)"] = Model((model, path) => model.EmbedImages([(ReadOnlyMemory<byte>)File.ReadAllBytes(path)])),
        ["EmbedImages(streams)"] = Model((model, path) => model.EmbedImages(2, i => (Stream)File.OpenRead(path))),
        ["SearchImage"] = Model((model, path) => Index(model).SearchImage(model, path, 1)),
        ["a generator with limits"] = (test, limits) => test.GenerateAsync(new(), limits),
        ["a generator of a model with limits"] = (test, limits) => test.GenerateAsync(limits, null),
        ["AddSwan's model"] = async (test, limits) =>
        {
            await using ServiceProvider services = test.Services(limits);
            services.GetRequiredService<SwanModel>().EmbedImage(test._image);
        },
        ["AddSwan's generator"] = async (test, limits) =>
        {
            await using ServiceProvider services = test.Services(limits);
            await services.GetRequiredService<IEmbeddingGenerator<DataContent, Embedding<float>>>().GenerateAsync([test.Content]);
        },
        ["a pipeline of paths"] = (test, limits) => test.Run(test.Pipeline(limits)),
        ["a pipeline of bytes"] = (test, limits) => test.RunBytes(limits),
        ["a saved pipeline"] = (test, limits) => test.Run(test.Load(limits, null)),
        ["LoadPipeline"] = (test, limits) => test.Run(test.Load(new(), Load(limits))),
        ["a pool"] = (test, limits) =>
        {
            string path = test.Save(new());
            using var pool = new SwanPredictionEnginePool<TextRow, EmbeddedRow>(new() { PipelinePath = path, Load = Load(limits) });
            pool.Predict(new TextRow { Text = test._image });
            return Task.CompletedTask;
        },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_most_pixels_hold_for(string way)
    {
        await Entrances[way](this, new() { MaxPixels = 280 });
        await ThrowsTooLargeAsync(() => Entrances[way](this, new() { MaxPixels = 279 }));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_most_bytes_hold_for(string way)
    {
        long bytes = new FileInfo(_image).Length;
        await Entrances[way](this, new() { MaxBytes = bytes });
        await ThrowsTooLargeAsync(() => Entrances[way](this, new() { MaxBytes = bytes - 1 }));
    }

    [Fact]
    public void A_model_says_how_it_decodes()
    {
        using SwanModel model = SwanModel.Open(_model, new() { Decoding = new() { MaxPixels = 5 } });
        Assert.Equal(new ImageDecodingOptions { MaxPixels = 5 }, model.Decoding);
        Assert.Equal(new ImageDecodingOptions().For(SwanModel.Default.Card.Image), SwanModel.Default.Decoding);
        Assert.Throws<ArgumentNullException>(() => SwanModel.Open(_model, new() { Decoding = null! }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2_147_483_592)]
    public void A_pipeline_refuses_a_limit_of(long bytes) => Assert.Contains(
        $"MaxBytes is {bytes}; expected 1 to 2147483591",
        Assert.Throws<ArgumentOutOfRangeException>(() => Pipeline(new(), bytes)).Message, StringComparison.Ordinal);

    private DataContent Content => new(File.ReadAllBytes(_image), "image/png");

    private static async Task ThrowsTooLargeAsync(Func<Task> way)
    {
        Exception? e = await Record.ExceptionAsync(way);
        while (e is not (null or SwanImageException)) e = e.InnerException;
        Assert.Equal(ImageFault.TooLarge, Assert.IsType<SwanImageException>(e).Fault);
    }

    private static Func<ImageDecodingOptionsTests, ImageDecodingOptions, Task> Model(Action<SwanModel, string> embed) => (test, limits) =>
    {
        using SwanModel model = SwanModel.Open(test._model, new() { Decoding = limits });
        embed(model, test._image);
        return Task.CompletedTask;
    };

    private static SwanIndex Index(SwanModel model) =>
        SwanIndex.Build(model.EmbedCaption("river"), model.EmbeddingSize, ["a"], model.Card.Identity);

    private static SwanLoadOptions Load(ImageDecodingOptions limits) => new() { MaxPixels = limits.MaxPixels, MaxBytes = limits.MaxBytes };

    private async Task GenerateAsync(ImageDecodingOptions model, ImageDecodingOptions? generator)
    {
        using SwanModel open = SwanModel.Open(_model, new() { Decoding = model });
        using var images = new SwanImageEmbeddingGenerator(open, new() { Decoding = generator });
        await images.GenerateAsync([Content]);
    }

    private ServiceProvider Services(ImageDecodingOptions limits)
    {
        var services = new ServiceCollection();
        services.AddSwan(o => (o.ModelPath, o.MaxImagePixels, o.MaxImageBytes) = (_model, limits.MaxPixels, limits.MaxBytes));
        return services.BuildServiceProvider();
    }

    private SwanEmbeddingEstimator Pipeline(ImageDecodingOptions limits, long? bytes = null, string column = "Text") =>
        new MLContext(1).Transforms.SwanEmbedding(
            "Embedding", column, _model, new() { MaxPixels = limits.MaxPixels, MaxBytes = bytes ?? limits.MaxBytes });

    private Task Run(IEstimator<ITransformer> pipeline) => Run(pipeline.Fit(Rows));

    private Task Run(ITransformer pipeline)
    {
        _ = new MLContext(1).Data.CreateEnumerable<EmbeddedRow>(pipeline.Transform(Rows), reuseRowObject: false).ToArray();
        ((IDisposable)pipeline).Dispose();
        return Task.CompletedTask;
    }

    private Task RunBytes(ImageDecodingOptions limits)
    {
        var ml = new MLContext(1);
        IDataView rows = ml.Data.LoadFromEnumerable([new BytesRow { Image = File.ReadAllBytes(_image) }]);
        using SwanEmbeddingTransformer fitted = Pipeline(limits, column: "Image").Fit(rows);
        _ = ml.Data.CreateEnumerable<EmbeddedRow>(fitted.Transform(rows), reuseRowObject: false).ToArray();
        return Task.CompletedTask;
    }

    private IDataView Rows => new MLContext(1).Data.LoadFromEnumerable([new TextRow { Text = _image }]);

    private string Save(ImageDecodingOptions limits)
    {
        using SwanEmbeddingTransformer fitted = Pipeline(limits).Fit(Rows);
        new MLContext(1).Model.Save(fitted, Rows.Schema, _folder.File("pipeline.zip"));
        return _folder.File("pipeline.zip");
    }

    private ITransformer Load(ImageDecodingOptions saved, SwanLoadOptions? options) =>
        new MLContext(1).Swan().LoadPipeline(Save(saved), out _, options);
}
