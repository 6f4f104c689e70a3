using System.Text.Json;
using Microsoft.ML.Data;

namespace Swan.Samples.Tests.AutoMLPipeline;

public sealed class AutoMLPipelineTests : IDisposable
{
    private static readonly string[] Scenes = ["storagetanks", "river", "stadium"];

    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public AutoMLPipelineTests()
    {
        _model = TinyModel.Write(_folder.FullName);
        Directory.CreateDirectory(_folder.File("images"));
        Write("train.jsonl", first: 0, imagesPerScene: 24);
        Write("val.jsonl", first: 100, imagesPerScene: 4);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_sample_finds_a_classifier_and_embeds_every_image_once()
    {
        (int code, string output, string errors) = Run("--trials", "3", "--seed", "1");
        Assert.True(code == 0, errors);
        Assert.Contains("72 images of 3 scenes to learn from, 12 held out", output, StringComparison.Ordinal);
        Assert.Contains("3/3", output, StringComparison.Ordinal);
        Assert.Matches(@"best of the search +accuracy 100\.00 %", output);
        Assert.Matches(@"zero-shot, tiny\.swan +accuracy \d", output);
        Assert.Matches(@"storagetanks_100\.png +storage tanks", output);
        int embedded = Embeddings(output);
        Assert.InRange(embedded, 2, 4); // at most 1 and 4 rotations of two sets

        (code, output, errors) = Run("--trials", "3", "--seed", "1");
        Assert.True(code == 0, errors);
        Assert.Equal(0, Embeddings(output));
    }

    [Fact]
    public void What_is_wrong_is_told_without_a_stack_trace()
    {
        File.WriteAllText(_model, "not a model");
        (int code, _, string errors) = Run("--trials", "1");
        Assert.Equal(1, code);
        Assert.Contains("tiny.swan", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static int Embeddings(string output) => output.Split("embedding ").Length - 1;

    private (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        string program = Path.Combine(Repository.Output(Path.Combine("samples", "AutoMLPipeline")), "AutoMLPipeline.dll");
        Assert.True(File.Exists(program), $"'{program}' is not built; build the whole solution first.");
        return ChildProcess.Finish(
            "dotnet", [program, "--data", _folder.FullName, "--model", _model, "--out", _folder.File("out"), .. arguments]);
    }

    private void Write(string list, int first, int imagesPerScene)
    {
        var lines = new List<string>();
        for (int s = 0; s < Scenes.Length; s++)
        {
            for (int i = first; i < first + imagesPerScene; i++)
            {
                string name = $"{Scenes[s]}_{i}.png";
                using MLImage image = Picture(s, i);
                image.Save(Path.Combine(_folder.File("images"), name));
                lines.Add(JsonSerializer.Serialize(new { image = name, scene = Scenes[s], captions = new[] { TinyModel.Sentences[s] } }));
            }
        }
        File.WriteAllLines(_folder.File(list), lines);
    }

    // Each scene has its own pattern, each image its own noise.
    private static MLImage Picture(int scene, int number)
    {
        byte[] pixels = new byte[TinyModel.Side * TinyModel.Side * 4];
        var pattern = new Random(scene);
        var noise = new Random(1000 * scene + number);
        for (int i = 0; i < pixels.Length; i++) pixels[i] = i % 4 == 3 ? (byte)255 : (byte)(pattern.Next(200) + noise.Next(40));
        return MLImage.CreateFromPixels(TinyModel.Side, TinyModel.Side, MLPixelFormat.Rgba32, pixels);
    }
}
