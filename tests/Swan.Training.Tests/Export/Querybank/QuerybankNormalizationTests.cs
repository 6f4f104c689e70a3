using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Portable;
using Swan.MLNet.Transforms;
using Swan.Training.Export;
using Swan.Training.Network;

namespace Swan.Training.Tests.Export;

public sealed class QuerybankNormalizationTests : IDisposable
{
    private static readonly string[] Captions = ["wab", "wb wc", "wc wd we", "wab wac wad wae", "wg wh wi", "wb wg"];
    private readonly TemporaryFolder _folder = new();
    private readonly CaptionedImageSet _set;

    public QuerybankNormalizationTests()
    {
        (CaptionedImageSet train, _) = TinyData.Open(_folder.File("data"));
        _set = new([.. train.Images.Select((image, i) => new CaptionedImage(
            image.ImagePath, image.FileName, image.Scene, [Captions[i % Captions.Length], Captions[(i + 1) % Captions.Length]]))], "train");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SwanWeightPrecision.Float32, 0.09)]
    [InlineData(SwanWeightPrecision.Float32, 0.01)]
    [InlineData(SwanWeightPrecision.Float32, 1)]
    [InlineData(SwanWeightPrecision.Float16, 0.09)]
    [InlineData(SwanWeightPrecision.Int8, 0.09)]
    public void A_cosine_loses_what_the_caption_has_in_common_with_the_whole_bank(SwanWeightPrecision precision, double temperature)
    {
        SwanModelFile file = Exported(precision);

        SwanModelFile normalized = QuerybankNormalization.Apply(
            file, _set, new QuerybankOptions { Temperature = temperature }, cancellationToken: TestContext.Current.CancellationToken);

        Querybank bank = normalized.Card.Querybank!;
        Assert.Equal((_set.Images.Count, temperature, "train", RunData.Describe(_set).Sha256),
            (bank.Images, bank.Temperature, bank.Data, bank.Sha256));
        Assert.Equal(file.Card.EmbeddingSize + 1, normalized.Card.EmbeddingSize);
        Assert.NotEqual(file.Card.Identity, normalized.Card.Identity);
        (float[][] images, float[][] captions) plain = Embedded(file), found = Embedded(normalized);
        double[] sums = [.. plain.captions.Select(
            c => temperature * Math.Log(plain.images.Sum(i => Math.Exp(TensorPrimitives.Dot(c, i) / temperature))))];
        double mean = sums.Average(); // each caption is the first of two images
        Assert.True(sums.Max() - sums.Min() > 1e-3, "captions that are all alike show nothing");
        Assert.All(found.images, image => Assert.Equal(found.images[0][^1], image[^1]));
        Assert.Equal(0.5 / Math.Sqrt(1 + 0.25), found.images[0][^1], tolerance: 1e-6);
        for (int c = 0; c < Captions.Length; c++)
        {
            Assert.Equal(1, TensorPrimitives.Norm<float>(found.captions[c]), tolerance: 1e-5f);
            double lost = sums[c] - mean, added = -lost / 0.5;
            for (int i = 0; i < plain.images.Length; i++)
            {
                double expected = (TensorPrimitives.Dot(plain.captions[c], plain.images[i]) - lost) / Math.Sqrt(1 + 0.25)
                    / Math.Sqrt(1 + added * added);
                Assert.Equal(expected, TensorPrimitives.Dot(found.captions[c], found.images[i]), tolerance: 5e-4);
            }
        }
    }

    [Fact]
    public void A_caption_finds_the_same_images_in_the_same_order_with_gaps_in_the_same_proportion()
    {
        SwanModelFile file = Exported();
        (float[][] images, float[][] captions) plain = Embedded(file),
            found = Embedded(QuerybankNormalization.Apply(file, _set, cancellationToken: TestContext.Current.CancellationToken));
        for (int c = 0; c < Captions.Length; c++)
        {
            float[] before = Cosines(plain, c), after = Cosines(found, c);
            double scale = Slope(before, after);
            Assert.InRange(scale, 0.5, 1);
            for (int i = 1; i < before.Length; i++) Assert.Equal((before[i] - before[0]) * scale, after[i] - after[0], tolerance: 1e-6);
            int[] order = [.. Enumerable.Range(0, before.Length).OrderByDescending(i => before[i])];
            for (int rank = 1; rank < order.Length; rank++) Assert.True(after[order[rank]] <= after[order[rank - 1]] + 1e-6f);
        }

        static float[] Cosines((float[][] Images, float[][] Captions) of, int caption) =>
            [.. of.Images.Select(i => TensorPrimitives.Dot(of.Captions[caption], i))];

        static double Slope(float[] x, float[] y)
        {
            (int low, int high) = (Array.IndexOf(x, x.Min()), Array.IndexOf(x, x.Max()));
            return (y[high] - y[low]) / (x[high] - x[low]);
        }
    }

    [Fact]
    public void The_bank_is_drawn_by_the_seed_and_stored_in_half_precision_so_that_a_small_file_stays_small()
    {
        SwanModelFile file = Exported(SwanWeightPrecision.Float16);
        byte[] Text(int images, int seed) => QuerybankNormalization.Apply(file, _set, new QuerybankOptions { Images = images, Seed = seed },
            cancellationToken: TestContext.Current.CancellationToken).TextOnnx.ToArray();

        Assert.Equal(Text(6, 1), Text(6, 1));
        Assert.NotEqual(Text(6, 1), Text(6, 2));
        Assert.InRange(Text(12, 0).Length - file.TextOnnx.Length, 12 * file.Card.EmbeddingSize * 2,
            12 * file.Card.EmbeddingSize * 2 + 2000);
        SwanModelFile normalized = QuerybankNormalization.Apply(file, _set, cancellationToken: TestContext.Current.CancellationToken);
        Assert.InRange(normalized.ImageOnnx.Length - file.ImageOnnx.Length, 1, 2000); // its weights are still in float16
    }

    [Fact]
    public void Learned_images_are_the_same_in_whatever_scale_they_are_decoded()
    {
        int side = 3 * SwanBackbones.PreprocessingFor(RandomNetworks.Small).Size;
        CaptionedImage[] images = [.. Enumerable.Range(0, 3).Select(i =>
        {
            string path = _folder.File($"large{i}.jpg");
            File.WriteAllBytes(path, NaturalPictures.Jpeg(side + i, side, seed: i));
            return new CaptionedImage(path, Path.GetFileName(path), null, Captions[..1]);
        })];
        ImageIdentity[] expected = [.. images.Select(i => ImageIdentity.Read(i.ImagePath))];
        CaptionedImageSet set = new(images, "large");
        (IReadOnlyList<ImageIdentity> Bank, byte[] Bytes) Learned(ImageDecode decode)
        {
            SwanModelFile normalized = QuerybankNormalization.Apply(Exported(decode: decode), set, null,
                out IReadOnlyList<ImageIdentity> bank, cancellationToken: TestContext.Current.CancellationToken);
            var bytes = new MemoryStream();
            normalized.LearnedImages!.Write(bytes);
            return (bank, bytes.ToArray());
        }
        var (full, scaled) = (Learned(ImageDecode.Full), Learned(ImageDecode.Scaled));

        Assert.Equal(expected, full.Bank);
        Assert.Equal(expected, scaled.Bank);
        Assert.Equal(full.Bytes, scaled.Bytes);
    }

    [Fact]
    public void Metrics_of_before_are_marked_and_a_second_time_is_refused()
    {
        SwanModelFile file = Exported(metrics: [new("mR", 12.5, "val")]);
        SwanModelFile normalized = QuerybankNormalization.Apply(file, _set, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("val, before it was normalized", Assert.Single(normalized.Card.Metrics).Data);
        SwanMismatchException twice = Assert.Throws<SwanMismatchException>(
            () => QuerybankNormalization.Apply(normalized, _set, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("is already normalized against 12 images of 'train'", twice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_and_sets_that_say_nothing_are_refused_with_the_reason()
    {
        SwanModelFile file = Exported();
        string Fault(CaptionedImageSet set, QuerybankOptions? options = null) =>
            Assert.ThrowsAny<SwanException>(() => QuerybankNormalization.Apply(file, set, options)).Message;

        string both = Fault(_set, new QuerybankOptions { Images = 1, Temperature = double.NaN });
        Assert.Contains("Images is 1; expected 2 to 65536", both, StringComparison.Ordinal);
        Assert.Contains("Temperature is NaN; expected 0.01 to 1", both, StringComparison.Ordinal);
        Assert.Contains("one: it has 1 images; expected at least 2", Fault(_set.Select([0], "one")), StringComparison.Ordinal);
        Assert.Contains("has a caption; expected captions",
            Fault(new([.. _set.Images.Select(i => new CaptionedImage(i.ImagePath, i.FileName, i.Scene, []))], "bare")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_whose_operators_would_mean_something_else_is_refused_before_anything_is_embedded()
    {
        SwanModelFile file = Exported();
        byte[] text = file.TextOnnx.ToArray();
        Assert.Equal(17, text[^1]); // the version of the operator set comes last
        text[^1] = 18;
        SwanModelFile newer = SwanModelFile.Create("newer.swan", file.Card, file.ImageOnnx.ToArray(), text, file.Vocabulary.ToArray());
        SwanFormatException refused = Assert.Throws<SwanFormatException>(
            () => QuerybankNormalization.Apply(newer, _set, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("'text.onnx' of 'newer.swan' uses ONNX operator set 18", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Normalization_can_be_canceled()
    {
        SwanModelFile file = Exported();
        Assert.ThrowsAny<OperationCanceledException>(
            () => QuerybankNormalization.Apply(file, _set, cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Stock_ml_net_answers_the_same()
    {
        string model = _folder.File("model.swan"), portable = _folder.File("portable.zip");
        QuerybankNormalization.Apply(Exported(SwanWeightPrecision.Int8), _set, cancellationToken: TestContext.Current.CancellationToken)
            .Save(model);
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([new PathRow { Path = _set.Images[0].ImagePath }]);
        using SwanEmbeddingTransformer swan =
            ml.Transforms.SwanEmbedding("Embedding", "Path", model, new SwanEmbeddingOptions { Device = SwanDevice.Cpu }).Fit(data);

        ml.Swan().SavePortable(swan, data.Schema, portable, new SwanPortableOptions { ImageWidth = 40, ImageHeight = 30 });

        ITransformer stock = ml.Model.Load(portable, out _);
        float[] expected = swan.Transform(data).GetColumn<float[]>("Embedding").Single(),
            found = stock.Transform(data).GetColumn<float[]>("Embedding").Single();
        Assert.Equal(RandomNetworks.Small.EmbeddingSize + 1, found.Length);
        for (int d = 0; d < expected.Length; d++) Assert.Equal(expected[d], found[d], tolerance: 1e-5f);
        (stock as IDisposable)?.Dispose();
    }

    private SwanModelFile Exported(
        SwanWeightPrecision precision = SwanWeightPrecision.Float32, IReadOnlyList<CardMetric>? metrics = null,
        ImageDecode decode = ImageDecode.Full)
    {
        string path = _folder.File("plain.swan");
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small);
        SwanExporter.Export(network, RandomNetworks.Tokenizer(RandomNetworks.Small.VocabularyRows), path,
            new SwanExportOptions { WeightPrecision = precision, Metrics = metrics ?? [], Decode = decode });
        return SwanModelFile.Read(path);
    }

    // From a file, as applications open it.
    private (float[][] Images, float[][] Captions) Embedded(SwanModelFile file)
    {
        string path = _folder.File("opened.swan");
        file.Save(path);
        using SwanModel model = SwanModel.Open(path, new SwanModelOptions { Device = SwanDevice.Cpu });
        return ([.. _set.Images.Select(i => model.EmbedImage(i.ImagePath))], [.. Captions.Select(c => ExportedNetworks.Embed(model, c))]);
    }

    private sealed class PathRow
    {
        public string Path { get; set; } = "";
    }
}
