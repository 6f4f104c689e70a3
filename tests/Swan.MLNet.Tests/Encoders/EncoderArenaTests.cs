using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Tests.Encoders;

/// <summary>A model file of a few kilobytes must not take gigabytes, whatever its operators do.</summary>
[Collection("WorkFrameTests")]
public sealed class EncoderArenaTests : IDisposable
{
    private const int Many = 20_000;
    private readonly SavedResources _saved = new();
    private readonly RgbImage _picture = ImageDecoder.Decode(EncodedImages.Png(20, 14), "picture");

    public void Dispose() => _saved.Dispose();

    public static TheoryData<string> Bombs => [.. Hostile.Keys];

    // Each makes "huge" of the number "s", which depends on the pixels, so that nothing can be computed before.
    private static Dictionary<string, Func<TinyOnnx, TinyOnnx>> Hostile { get; } = new(StringComparer.Ordinal)
    {
        ["Range"] = g => g.Weights("zero", [0]).Weights("one", [1]).Weights("end", [1e9f]).Node("Mul", ["s", "zero"], "nothing")
            .Node("Add", ["nothing", "end"], "to").Node("Range", ["zero", "to", "one"], "huge"),
        ["broadcast"] = g => Column(g).Node("Add", ["varied", "row"], "huge"),
        ["MatMul"] = g => Column(g).Node("MatMul", ["varied", "row"], "huge"),
        ["Where"] = g => Column(g).Node("Less", ["varied", "s"], "which").Node("Where", ["which", "row", "s"], "huge"),
        ["Pad"] = g => Column(g).Integers("margins", [0, Many, 0, Many], 4).Weights("zero", [0])
            .Node("Pad", ["varied", "margins", "zero"], "huge"),
        ["Resize"] = g => g.Weights("little", new float[4], 1, 1, 2, 2).Weights("scales", [1, 1, 1e4f, 1e4f], 4).Weights("area", [], 0)
            .Node("Mul", ["little", "s"], "varied").Node("Resize", ["varied", "area", "scales"], "huge"),
        ["Concat"] = g => Enumerable.Range(0, 16).Aggregate(
            Column(g), (doubled, i) => doubled.Node("Concat", [i == 0 ? "varied" : $"c{i}", i == 0 ? "varied" : $"c{i}"],
                i == 15 ? "huge" : $"c{i + 1}", ("axis", 0L))),
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_graph_that_asks_for_gigabytes_is_refused_by_name(string kind)
    {
        SwanResources.MaxEncoderBytes = 64L << 20;
        using SwanModel model = SwanModel.Open(SwanModelFile.Create(
            "bomb.swan", TinyModel.Card, Bomb(Hostile[kind]), TinyModel.TextOnnx, TinyModel.Vocabulary));

        string message = Assert.Throws<SwanFormatException>(() => model.EmbedImage(_picture)).Message;

        Assert.Contains("'image.onnx' of 'bomb.swan' needs more memory than the 67,108,864 bytes", message, StringComparison.Ordinal);
        Assert.Contains("SWAN_MAX_ENCODER_BYTES", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_within_its_limit_works_for_many_threads_at_a_time()
    {
        SwanResources.MaxEncoderBytes = 16L << 20;
        // A run takes 10 MB: two don't fit beside each other.
        byte[] onnx = Bomb(g => g.Weights("row", new float[2_500_000], 1, 2_500_000).Node("Mul", ["row", "s"], "huge"));
        using SwanModel model = SwanModel.Open(
            SwanModelFile.Create("large.swan", TinyModel.Card, onnx, TinyModel.TextOnnx, TinyModel.Vocabulary));
        float[] expected = TinyModel.ImageEmbedding(_picture);

        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
            TinyModel.Same(expected, model.EmbedImage(_picture)));
    }

    [Fact]
    public void Batches_learn_how_many_runs_fit_beside_each_other()
    {
        SwanResources.MaxEncoderBytes = 16L << 20;
        SwanResources.EncoderThreads = 4;
        byte[] onnx = Bomb(g => g.Weights("row", new float[2_500_000], 1, 2_500_000).Node("Mul", ["row", "s"], "huge"));
        using SwanModel model = SwanModel.Open(
            SwanModelFile.Create("large.swan", TinyModel.Card, onnx, TinyModel.TextOnnx, TinyModel.Vocabulary),
            new SwanModelOptions { Device = SwanDevice.Cpu, Threads = 4 });
        float[] expected = TinyModel.ImageEmbedding(_picture);
        Assert.Equal(4, model.ImageEncoder.Session.Turns.AtOnce);

        for (int batch = 0; batch < 500 && model.ImageEncoder.Session.Turns.AtOnce > 1; batch++)
        {
            float[] found = model.EmbedImages(8, _ => _picture, batchSize: 8);
            for (int i = 0; i < 8; i++) TinyModel.Same(expected, found.AsSpan(i * expected.Length, expected.Length));
        }

        Assert.Equal(1, model.ImageEncoder.Session.Turns.AtOnce);
        TinyModel.Same(expected, model.EmbedImages(8, _ => _picture, batchSize: 8).AsSpan(0, expected.Length));
    }

    private static TinyOnnx Column(TinyOnnx g) => g.Weights("row", new float[Many], 1, Many).Weights("column", new float[Many], Many, 1)
        .Node("Add", ["column", "s"], "varied");

    // The tiny tower, and 0 times the mean of what is hostile.
    private static byte[] Bomb(Func<TinyOnnx, TinyOnnx> hostile)
    {
        TinyOnnx g = TinyModel.ImageTowerInto("plain")
            .Output("embedding", TinyOnnx.Float, "N", TinyModel.EmbeddingSize)
            .Weights("never", [0])
            .Node("ReduceMax", ["floats"], "s", ("keepdims", 0L));
        return hostile(g)
            .Node("ReduceMax", ["huge"], "most", ("keepdims", 0L))
            .Node("Mul", ["most", "never"], "zeroed")
            .Node("Add", ["plain", "zeroed"], "embedding")
            .Build();
    }
}
