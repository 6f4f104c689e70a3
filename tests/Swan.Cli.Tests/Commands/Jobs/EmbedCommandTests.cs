using System.Text.Json.Nodes;

namespace Swan.Cli.Tests.Commands;

/// <summary><c>swan embed --json</c>; what a job does is tested in Swan.Batch.Tests.</summary>
public sealed class EmbedCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_job_without_a_usable_image_fails_whatever_it_allows()
    {
        string images = Directory.CreateDirectory(_folder.File("images")).FullName;
        for (int i = 0; i < 2; i++) await File.WriteAllTextAsync(Path.Combine(images, $"{i}.png"), "no image");
        (int code, _, string errors) = await SwanProcess.Run("embed", "--images", images, "--out", _folder.File("out"), "--max-bad", "1");
        Assert.Equal(3, code);
        Assert.Contains("swan: No row could be embedded.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_summary_is_JSON_and_nothing_else_is_on_standard_output()
    {
        string images = Directory.CreateDirectory(_folder.File("images")).FullName;
        for (int i = 0; i < 3; i++) TinyImages.Write(images, $"{i}.png", seed: i);
        await File.WriteAllTextAsync(Path.Combine(images, "broken.png"), "no image");
        string[] job = ["embed", "--model", TinyModel.Write(_folder.FullName), "--images", images, "--out", _folder.File("out"), "--json"];

        (int code, string output, string errors) = await SwanProcess.Run(job);

        Assert.True(code == 3, errors);
        JsonNode summary = JsonNode.Parse(output)!;
        Assert.Equal((1, 4, 3, 0.25), ((int)summary["run"]!, (int)summary["rows"]!, (int)summary["embedded"]!,
            (double)summary["badShare"]!));
        Assert.Equal(1, (int)Assert.Single(summary["bad"]!.AsObject()).Value!);
        Assert.Equal((3, "too_many_bad_rows"), ((int)summary["exitCode"]!, (string?)summary["exit"]));
        Assert.True((double)summary["seconds"]! > 0);
        Assert.Contains("4 of 4 rows done", errors, StringComparison.Ordinal);

        (code, output, errors) = await SwanProcess.Run([.. job, "--max-bad", "0.5"]);
        Assert.True(code == 0, errors);
        summary = JsonNode.Parse(output)!;
        Assert.Equal((0, "done", 0, 4, 1), ((int)summary["exitCode"]!, (string?)summary["exit"], (int)summary["rows"]!,
            (int)summary["rowsUnchanged"]!, (int)summary["rowsKnownBad"]!));

        (code, _, errors) = await SwanProcess.Run(job);
        Assert.Equal(3, code);
        Assert.Contains("done: 0 of 0 rows, 0 embedded, 0 bad; 4 unchanged, 1 of them known bad\n", errors, StringComparison.Ordinal);
        Assert.Contains("swan: 1 known bad row, 25.0 % of the unchanged images; --max-bad allows 1.0 %.", errors, StringComparison.Ordinal);
        Assert.Contains("--retry-bad", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_command_again_embeds_what_has_changed_and_says_so()
    {
        string images = Directory.CreateDirectory(_folder.File("images")).FullName;
        for (int i = 0; i < 3; i++) TinyImages.Write(images, $"{i}.png", seed: i);
        string[] job = ["embed", "--model", TinyModel.Write(_folder.FullName), "--images", images, "--out", _folder.File("out")];
        Assert.Equal(0, (await SwanProcess.Run(job)).ExitCode);
        (int code, string output, string errors) = await SwanProcess.Run(job);
        Assert.True(code == 0, errors);
        Assert.Contains("nothing to do: 3 images are unchanged since run 1", output, StringComparison.Ordinal);

        File.Delete(Path.Combine(images, "0.png"));
        TinyImages.Write(images, "3.png", seed: 3);
        (code, output, errors) = await SwanProcess.Run(job);
        Assert.True(code == 0, errors);
        Assert.Contains("run 2: 1 new image, 0 changed, 0 tried again, 2 unchanged, 1 gone; 1 shard", output, StringComparison.Ordinal);
        Assert.Contains("done: 1 of 1 row, 1 embedded, 0 bad; 2 unchanged; 1 gone", output, StringComparison.Ordinal);
    }
}
