using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.Encoders;

/// <summary>What becomes of an arena that the application has registered with ONNX Runtime's environment.</summary>
[Collection("WorkFrameTests")]
public sealed class OwnArenaTests : IDisposable
{
    private readonly SavedResources _saved = new();
    private readonly TemporaryFolder _folder = new();
    private readonly OrtMemoryInfo _processor = new(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);

    public void Dispose()
    {
        Unregister();
        _processor.Dispose();
        _folder.Dispose();
        _saved.Dispose();
    }

    [Fact]
    public void Opening_a_model_removes_an_arena_that_was_registered_before()
    {
        RgbImage picture = ImageDecoder.Decode(EncodedImages.Png(20, 14), "picture");
        Register();
        Assert.NotNull(RunOfTheApplication());

        using SwanModel model = SwanModel.Open(TinyModel.Write(_folder.FullName));

        TinyModel.Same(TinyModel.ImageEmbedding(picture), model.EmbedImage(picture));
        Assert.Null(RunOfTheApplication());
        Assert.NotNull(Unregister());
    }

    [Fact]
    public void An_arena_that_is_registered_after_opening_stays()
    {
        RgbImage picture = ImageDecoder.Decode(EncodedImages.Png(20, 14), "picture");
        using SwanModel model = SwanModel.Open(
            TinyModel.Write(_folder.FullName), new SwanModelOptions { Towers = SwanTowers.AtOnce });
        Register();

        TinyModel.Same(TinyModel.ImageEmbedding(picture), model.EmbedImage(picture));

        Assert.Contains("Available memory of", RunOfTheApplication()!.Message, StringComparison.Ordinal);
        Assert.Null(Unregister());
    }

    // A session of the application's own that takes 40 MB of the environment's arena; null where that gives them.
    private static Exception? RunOfTheApplication()
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        options.AddSessionConfigEntry("session.use_env_allocators", "1");
        byte[] graph = new TinyOnnx().Input("count", TinyOnnx.Float).Output("range", TinyOnnx.Float, "N")
            .Weights("zero", [0]).Weights("one", [1]).Node("Range", ["zero", "count", "one"], "range").Build();
        using var session = new InferenceSession(graph, options);
        return Record.Exception(() => session.Run(
            [NamedOnnxValue.CreateFromTensor("count", new DenseTensor<float>(new float[] { 1e7f }, ReadOnlySpan<int>.Empty))]).Dispose());
    }

    private void Register()
    {
        using var limit = new OrtArenaCfg(16u << 20, -1, -1, -1);
        OrtEnv.Instance().CreateAndRegisterAllocator(_processor, limit);
    }

    private Exception? Unregister() => Record.Exception(() => OrtEnv.Instance().UnregisterAllocator(_processor));
}
