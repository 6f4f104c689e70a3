using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Swan.MLNet;
using Swan.MLNet.Encoders;
using Swan.MLNet.Hosting;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Text;

namespace Swan.Benchmarks.Commands;

/// <summary>The child's side of <see cref="StartCommand"/>. It comes before any command is made, which takes time of its own.</summary>
internal static class StartChild
{
    public const string Name = "start-child";
    private const string Caption = "many planes are parked at an airport";
    private const int Rows = 10_000, Settling = 1000;

    /// <param name="arguments">What, the parent's time, the model or nothing for the one inside, and the pipeline of the pool.</param>
    public static int Run(string[] arguments)
    {
        var clock = new StartClock(long.Parse(arguments[1], CultureInfo.InvariantCulture));
        string? model = arguments[2].Length == 0 ? null : arguments[2];
        switch (Enum.Parse<StartKind>(arguments[0]))
        {
            case StartKind.First: First(clock, model); break;
            case StartKind.Phases: Phases(clock, model); break;
            case StartKind.Search: Search(clock, model); break;
            case StartKind.Pool: Pool(clock, model, arguments[3]); break;
        }
        ChildProcess.Answer(clock.Phases);
        return 0;
    }

    private static void First(StartClock clock, string? path)
    {
        SwanModel model = Open(path);
        clock.End("SwanModel");
        model.EmbedCaption(Caption);
        clock.End("first caption");
        model.EmbedCaption(Caption);
        clock.End("second caption");
    }

    // One after another what opening does side by side.
    private static void Phases(StartClock clock, string? path)
    {
        SwanModelFile file = path is null ? SwanModelFile.Default : SwanModelFile.Open(path);
        clock.End("card");
        OrtEnv.Instance();
        clock.End("ONNX Runtime's library");
        file.Entry(ModelArchive.TextEntry);
        clock.End("text.onnx read, hashed, inspected");
        file.Entry(ModelArchive.TextEntry);
        clock.End("text.onnx read and hashed again");
        ICaptionTokenizer tokenizer = CaptionEncoder.LoadTokenizer(file);
        clock.End("tokenizer");
        Session(clock, file, ModelArchive.TextEntry, optimized: false);
        Session(clock, file, ModelArchive.TextEntry, optimized: true);
        var options = new EncoderOptions(SwanDevice.Auto);
        CaptionEncoder captions = CaptionEncoder.Open(file, options, () => tokenizer);
        clock.End("text tower");
        captions.Encode([tokenizer.Tokenize(Caption)], new float[captions.EmbeddingSize]);
        clock.End("first run");
        Session(clock, file, ModelArchive.ImageEntry, optimized: false);
        Session(clock, file, ModelArchive.ImageEntry, optimized: true);
        ImageEncoder.Open(file, options);
        clock.End("image tower");
    }

    // The difference is what ONNX Runtime takes to fold constants and to fuse operators.
    private static void Session(StartClock clock, SwanModelFile file, string entry, bool optimized)
    {
        byte[] onnx = file.Entry(entry);
        clock.End($"{entry} read and hashed once more");
        using SessionOptions options = EncoderDevice.Options(new EncoderOptions(SwanDevice.Cpu));
        if (!optimized) options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
        new InferenceSession(onnx, options).Dispose();
        clock.End($"session of {entry}{(optimized ? "" : ", not optimized")}");
    }

    private static void Search(StartClock clock, string? path)
    {
        SwanModel model = Open(path);
        SwanIndex index = RandomIndex(model.EmbeddingSize);
        clock.End($"model and index of {Rows:N0} rows");
        index.Search(model.EmbedCaption(Caption), 10);
        clock.End("first search");
        Thread.Sleep(Settling);
        clock.End("a second later");
    }

    private static void Pool(StartClock clock, string? path, string pipeline)
    {
        var options = new SwanModelOptions { Towers = SwanTowers.AtOnce };
        using SwanModel model = path is null ? SwanModel.OpenDefault(options) : SwanModel.Open(path, options);
        clock.End("both towers");
        using var pool = new SwanPredictionEnginePool<StartRow, StartEmbedding>(
            new SwanPredictionEnginePoolOptions { PipelinePath = pipeline, Reload = false });
        clock.End("pool of a captions pipeline");
        pool.Predict(new StartRow { Text = Caption });
        model.EmbedCaption(Caption);
        int side = model.Card.Image.Size;
        model.EmbedImages(1, _ => new RgbImage(side, side, new byte[3 * side * side]));
        clock.End("a prediction, a caption, an image");
        Thread.Sleep(Settling);
        clock.End("a second later");
    }

    private static SwanModel Open(string? path) => path is null ? SwanModel.Default : SwanModel.Open(path);

    private static SwanIndex RandomIndex(int dimension)
    {
        var random = new Random(1);
        var builder = new SwanIndexBuilder(dimension);
        float[] row = new float[dimension];
        for (int i = 0; i < Rows; i++)
        {
            for (int d = 0; d < dimension; d++) row[d] = random.NextSingle() - 0.5f;
            builder.Add(row, key: null);
        }
        return builder.Finish(model: null, range: null);
    }
}
