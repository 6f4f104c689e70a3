using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;
using Swan.MLNet.Portable;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Encoders;

public sealed class RotationAverageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public RotationAverageTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_quarter_turn_is_clockwise_and_four_are_none()
    {
        // 1 2      3 1
        // 3 4  →   4 2
        byte[] image = [1, 10, 100, 2, 20, 200, 3, 30, 130, 4, 40, 140];
        byte[] once = Turned(image, 1);
        Assert.Equal([3, 30, 130, 1, 10, 100, 4, 40, 140, 2, 20, 200], once);
        Assert.Equal(Turned(once, 1), Turned(image, 2));
        Assert.Equal(Turned(Turned(once, 1), 1), Turned(image, 3));
        Assert.Equal(image, Turned(Turned(image, 3), 1));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void An_embedding_is_the_direction_of_the_mean_over_the_rotations(int rotations)
    {
        RgbImage[] images = [.. Enumerable.Range(0, 5).Select(Square)];
        float[][] found = Embed(images, rotations);
        for (int i = 0; i < images.Length; i++)
        {
            double[] sum = new double[TinyModel.EmbeddingSize];
            for (int turns = 0; turns < 4; turns += 4 / rotations)
            {
                float[] view = TinyModel.ImageEmbedding(Turned(images[i], turns));
                for (int d = 0; d < sum.Length; d++) sum[d] += view[d];
            }
            double norm = Math.Sqrt(sum.Sum(v => v * v));
            TinyModel.Same(Array.ConvertAll(sum, v => (float)(v / norm)), found[i]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_last_value_that_all_images_share_is_kept_and_the_others_point_where_their_mean_does(int rotations)
    {
        RgbImage[] images = [.. Enumerable.Range(0, 5).Select(Square)];
        string model = TinyModel.WriteWithConstant(_folder.FullName), portable = _folder.File("portable.zip");
        float[][] others = Embed(images, rotations);
        IDataView data =
            _ml.Data.LoadFromEnumerable(images.Select((image, i) => new TextRow { Text = Write(image, $"{i}.png") }).ToArray());
        using SwanEmbeddingTransformer embedding = _ml.Transforms.SwanEmbedding(
            "Embedding", "Text", model, new SwanEmbeddingOptions { Rotations = rotations, BatchSize = 3 }).Fit(data);

        float[][] found = Read(embedding.Transform(data));
        for (int i = 0; i < images.Length; i++)
        {
            TinyModel.Same(
                [.. others[i].Select(v => (float)(v * Math.Sqrt(1 - TinyModel.Constant * TinyModel.Constant))), (float)TinyModel.Constant],
                found[i]);
        }

        _ml.Swan().SavePortable(
            embedding, data.Schema, portable, new SwanPortableOptions { ImageWidth = TinyModel.Side, ImageHeight = TinyModel.Side });
        ITransformer stock = _ml.Model.Load(portable, out _);
        float[][] same = [.. stock.Transform(data).GetColumn<float[]>("Embedding")];
        for (int i = 0; i < images.Length; i++) TinyModel.Same(found[i], same[i]);
        (stock as IDisposable)?.Dispose();
    }

    [Fact]
    public void Averaged_over_all_quarter_turns_a_turned_image_has_the_same_embedding()
    {
        RgbImage image = Square(3);
        float[][] found = Embed([image, Turned(image, 1), Turned(image, 2), Turned(image, 3)], rotations: 4);
        Assert.All(found, e => TinyModel.Same(found[0], e));
        float[][] plain = Embed([image, Turned(image, 1)], rotations: 1);
        Assert.True(plain[0].Zip(plain[1], (a, b) => a * b).Sum() < 0.99f);
    }

    [Fact]
    public void Rotations_keep_the_model_and_missing_values_and_are_saved()
    {
        File.WriteAllText(_folder.File("bad.png"), "no image");
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { Write(Square(1), "1.png"), _folder.File("bad.png") }
            .Select(p => new TextRow { Text = p })
            .ToArray());
        using SwanEmbeddingTransformer fitted = Estimator(4).Fit(data);
        string path = _folder.File("pipeline.zip");
        _ml.Model.Save(fitted, data.Schema, path);
        using var loaded = (SwanEmbeddingTransformer)_ml.Model.Load(path, out _);
        float[][] expected = Read(fitted.Transform(data)), found = Read(loaded.Transform(data));
        Assert.Equal(expected[0], found[0]);
        Assert.All(found[1], v => Assert.True(float.IsNaN(v)));
        Assert.Equal(2, _ml.Transforms.SwanZeroShot("L", "S", "Embedding", _model, ZeroShotRows.Options).Fit(loaded.Transform(data))
            .Transform(loaded.Transform(data)).GetColumn<uint>("L").Count());
    }

    [Theory]
    [InlineData(3, SwanInput.Auto, "expected 1, 2 or 4")]
    [InlineData(2, SwanInput.Caption, "captions can't be turned")]
    public void Rotations_that_make_no_sense_are_refused(int rotations, SwanInput input, string reason) => Assert.Contains(
        reason,
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.SwanEmbedding(
            "Embedding", "Text", _model, new SwanEmbeddingOptions { Rotations = rotations, Input = input })).Message,
        StringComparison.Ordinal);

    private SwanEmbeddingEstimator Estimator(int rotations) => _ml.Transforms.SwanEmbedding(
        "Embedding", "Text", _model, new SwanEmbeddingOptions { Rotations = rotations, BatchSize = 3, OnError = SwanOnError.Missing });

    private float[][] Embed(RgbImage[] images, int rotations)
    {
        IDataView data =
            _ml.Data.LoadFromEnumerable(images.Select((image, i) => new TextRow { Text = Write(image, $"{i}.png") }).ToArray());
        using SwanEmbeddingTransformer transformer = Estimator(rotations).Fit(data);
        return Read(transformer.Transform(data));
    }

    private float[][] Read(IDataView view) =>
        [.. _ml.Data.CreateEnumerable<EmbeddedRow>(view, reuseRowObject: false).Select(r => r.Embedding)];

    // As large as the model takes it: nothing is resampled, so that turning before and after preparing are the same.
    private RgbImage Square(int seed) =>
        ImageDecoder.Decode(TinyImages.Write(_folder.FullName, $"square-{seed}.png", seed, TinyModel.Side, TinyModel.Side));

    private string Write(RgbImage image, string name)
    {
        byte[] rgba = new byte[image.Width * image.Height * 4];
        for (int i = 0; i < rgba.Length; i++) rgba[i] = i % 4 == 3 ? (byte)255 : image.Pixels[i / 4 * 3 + i % 4];
        using MLImage file = MLImage.CreateFromPixels(image.Width, image.Height, MLPixelFormat.Rgba32, rgba);
        file.Save(_folder.File(name));
        return _folder.File(name);
    }

    private static RgbImage Turned(RgbImage image, int quarters) =>
        quarters == 0 ? image : new RgbImage(image.Width, image.Height, Turned(image.Pixels, quarters));

    private static byte[] Turned(byte[] pixels, int quarters)
    {
        byte[] turned = new byte[pixels.Length];
        RotationAverage.Turn(pixels, turned, (int)Math.Sqrt(pixels.Length / 3), quarters);
        return turned;
    }
}
