using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Portable;
using Swan.MLNet.Transforms;
using Swan.Training.Export;
using Swan.Training.Network;

namespace Swan.Training.Tests.Export;

public sealed class PortableExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, SwanWeightPrecision> Networks
    {
        get
        {
            var networks = new TheoryData<string, SwanWeightPrecision>();
            foreach (string backbone in SwanBackbones.Names) networks.Add(backbone, SwanWeightPrecision.Float32);
            networks.Add("efficientnet_lite0", SwanWeightPrecision.Float16);
            networks.Add("efficientnet_lite0", SwanWeightPrecision.Int8);
            return networks;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_network_answers_the_same_as_stock_components(string backbone, SwanWeightPrecision precision)
    {
        string model = Path.Combine(_folder.FullName, "model.swan"), image = Path.Combine(_folder.FullName, "image.png"),
            portable = Path.Combine(_folder.FullName, "portable.zip");
        using (SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small with { Backbone = backbone, ImageSize = 96 }))
        {
            SwanExporter.Export(network, RandomNetworks.Tokenizer(RandomNetworks.Small.VocabularyRows), model,
                new SwanExportOptions { WeightPrecision = precision });
        }
        Write(image, 150, 61);
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([new PathRow { Path = image }]);
        using SwanEmbeddingTransformer swan =
            ml.Transforms.SwanEmbedding("Embedding", "Path", model, new SwanEmbeddingOptions { Device = SwanDevice.Cpu }).Fit(data);

        ml.Swan().SavePortable(swan, data.Schema, portable, new SwanPortableOptions { ImageWidth = 150, ImageHeight = 61 });

        ITransformer stock = ml.Model.Load(portable, out _);
        Assert.DoesNotContain((IEnumerable<ITransformer>)stock, t => t is SwanEmbeddingTransformer);
        float[] expected = swan.Transform(data).GetColumn<float[]>("Embedding").Single(),
            found = stock.Transform(data).GetColumn<float[]>("Embedding").Single();
        for (int d = 0; d < expected.Length; d++) Assert.Equal(expected[d], found[d], tolerance: 1e-5f);
        (stock as IDisposable)?.Dispose();
    }

    private static void Write(string path, int width, int height)
    {
        byte[] pixels = new byte[4 * width * height];
        new Random(2).NextBytes(pixels);
        for (int alpha = 3; alpha < pixels.Length; alpha += 4) pixels[alpha] = 255;
        using MLImage image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
        image.Save(path);
    }

    private sealed class PathRow
    {
        public string Path { get; set; } = "";
    }
}
