using System.Text;

namespace Swan.Samples.Tests;

public sealed class BatchScoringTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_sample_labels_a_folder_resumes_and_refuses_other_words()
    {
        string images = Directory.CreateDirectory(_folder.File("images")).FullName;
        for (int i = 0; i < 3; i++) TinyImages.Write(images, $"{i}.png", seed: i);
        (int code, string output, string errors) = Run("airport, river");
        Assert.True(code == 0, errors);
        Assert.Contains("shard 0: 3 rows, 3 of 3 done", output, StringComparison.Ordinal);
        string file = Assert.Single(Directory.GetFiles(_folder.File("out/embeddings"), "*.parquet", SearchOption.AllDirectories));
        byte[] before = File.ReadAllBytes(file);
        Assert.All(["embedding", "label", "scores"],
            column => Assert.True(before.AsSpan().IndexOf(Encoding.UTF8.GetBytes(column)) > 0, column));

        (code, output, errors) = Run("airport, river");
        Assert.True(code == 0, errors);
        Assert.Contains("0 from earlier starts, 3 unchanged.", output, StringComparison.Ordinal);

        (code, _, errors) = Run("airport, harbor");
        Assert.Equal(1, code);
        Assert.Contains("was zero-shot: airport, river, now zero-shot: airport, harbor", errors, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(file));
    }

    [Fact]
    public void An_empty_output_folder_is_refused_in_one_line()
    {
        (int code, _, string errors) = Run("airport, river", output: "");
        Assert.Equal(2, code);
        string line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Output and Store are both missing", line, StringComparison.Ordinal);
    }

    private (int Code, string Output, string Errors) Run(string words, string? output = null)
    {
        string program = Path.Combine(Repository.Output(Path.Combine("samples", "BatchScoring")), "BatchScoring.dll");
        string[] arguments = [program, _folder.File("images"), output ?? _folder.File("out"), words];
        return ChildProcess.Finish("dotnet", arguments);
    }
}
