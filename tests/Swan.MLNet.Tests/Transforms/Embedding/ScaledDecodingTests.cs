using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Generators;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Portable;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

/// <summary>Models that decode large JPEGs in a smaller scale, wherever a model is given images.</summary>
public sealed class ScaledDecodingTests : IDisposable
{
    private const int Width = 120, Height = 90;
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _scaled, _full, _image;
    private readonly byte[] _file = NaturalPictures.Jpeg(Width, Height, seed: 3);

    public ScaledDecodingTests()
    {
        (_scaled, _full) = (TinyModel.WriteScaled(_folder.FullName), TinyModel.Write(_folder.FullName));
        _image = _folder.File("large.jpg");
        File.WriteAllBytes(_image, _file);
    }

    private IDataView Rows => _ml.Data.LoadFromEnumerable([new TextRow { Text = _image }]);

    private float[] Expected
    {
        get
        {
            RgbImage image = ImageDecoder.Decode(_file, "large.jpg", new ImageDecodingOptions().For(
                TinyModel.Card.Image with { Decode = ImageDecode.Scaled }));
            Assert.Equal((2, Width / 4, 23), (image.Reading!.Eighths, image.Width, image.Height));
            return TinyModel.ImageEmbedding(image);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_embeds_paths_bytes_streams_and_generators_alike()
    {
        using SwanModel model = SwanModel.Open(_scaled);
        using var stream = new MemoryStream(_file);
        float[] expected = model.EmbedImage(_image);
        TinyModel.Same(Expected, expected);

        Assert.Equal(expected, model.EmbedImage(_file));
        Assert.Equal(expected, model.EmbedImage(stream));
        Assert.Equal(expected, model.EmbedImage(ImageDecoder.Decode(_image, model.Decoding)));
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(expected, model.EmbedImages([_image], cancellationToken: cancellation));
        Assert.Equal(expected, model.EmbedImages((ReadOnlyMemory<byte>[])[_file], cancellationToken: cancellation));
        Assert.Equal(expected, model.EmbedImages(1, _ => new MemoryStream(_file), cancellationToken: cancellation));
        foreach (ImageDecodingOptions? own in (ImageDecodingOptions?[])[null, new() { MaxPixels = 1 << 20 }])
        {
            using var generator = new SwanImageEmbeddingGenerator(model, new SwanGeneratorOptions { Decoding = own });
            var generated = await generator.GenerateAsync(
                [new Microsoft.Extensions.AI.DataContent(_file, "image/jpeg")], cancellationToken: cancellation);
            Assert.Equal(expected, generated[0].Vector.ToArray());
        }
    }

    [Fact]
    public void Columns_of_paths_and_of_bytes_are_scaled_alike()
    {
        IDataView bytes = _ml.Data.LoadFromEnumerable([new BytesRow { Image = _file }]);
        float[] found = _ml.Transforms.SwanEmbedding("Embedding", "Image", _scaled).Fit(bytes).Transform(bytes)
            .GetColumn<float[]>("Embedding").Single();

        TinyModel.Same(Expected, found);
        Assert.Equal(Vector(_ml.Transforms.SwanEmbedding("Embedding", "Text", _scaled).Fit(Rows)), found);
    }

    [Fact]
    public void Whoever_gives_pixels_has_decoded_them()
    {
        using SwanModel model = SwanModel.Open(_scaled);
        using SwanModel full = SwanModel.Open(_full);

        Assert.Equal(full.EmbedImage(_image), model.EmbedImage(ImageDecoder.Decode(_image)));
        Assert.NotEqual(full.EmbedImage(_image), model.EmbedImage(_image));
    }

    [Fact]
    public void A_pipeline_that_was_saved_and_loaded_still_scales()
    {
        ITransformer step = _ml.Transforms.SwanEmbedding("Embedding", "Text", _scaled).Fit(Rows);
        _ml.Model.Save(step, Rows.Schema, _folder.File("pipeline.zip"));
        File.Delete(_scaled);

        ITransformer loaded = _ml.Model.Load(_folder.File("pipeline.zip"), out _);

        TinyModel.Same(Expected, Vector(step));
        Assert.Equal(Vector(step), Vector(loaded));
    }

    [Fact]
    public void A_model_whose_metadata_does_not_say_so_decodes_in_full()
    {
        TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(_image)),
            Vector(_ml.Transforms.SwanEmbedding("Embedding", "Text", _full).Fit(Rows)));
    }

    [Fact]
    public void Options_of_another_model_do_not_bring_its_scale()
    {
        using SwanModel scaled = SwanModel.Open(_scaled);
        using SwanModel full = SwanModel.Open(_full, new() { Decoding = scaled.Decoding });
        using SwanModel plain = SwanModel.Open(_full);

        Assert.Equal(plain.EmbedImage(_image), full.EmbedImage(_image));
    }

    [Fact]
    public void A_portable_pipeline_is_refused_where_stock_components_would_see_more()
    {
        ITransformer step = _ml.Transforms.SwanEmbedding("Embedding", "Text", _scaled).Fit(Rows);
        void Save(int width, int height) => _ml.Swan().SavePortable(
            step, Rows.Schema, _folder.File("portable.zip"), new SwanPortableOptions { ImageWidth = width, ImageHeight = height });

        var e = Assert.Throws<NotSupportedException>(() => Save(Width, Height));

        Assert.Contains("'tiny' decodes JPEGs of 120×90 pixels at a smaller scale", e.Message, StringComparison.Ordinal);
        Assert.Contains("--decode full", e.Message, StringComparison.Ordinal);
        Assert.Contains($"a side of at most {JpegScale.LargestInFull(TinyModel.Side)} pixels", e.Message, StringComparison.Ordinal);
        Assert.Contains("a path does not tell JPEG from PNG", e.Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => Save(Width, JpegScale.LargestInFull(TinyModel.Side) + 1));
        Save(Width, JpegScale.LargestInFull(TinyModel.Side));
        Assert.True(File.Exists(_folder.File("portable.zip")));
    }

    private float[] Vector(ITransformer step) => step.Transform(Rows).GetColumn<float[]>("Embedding").Single();
}
