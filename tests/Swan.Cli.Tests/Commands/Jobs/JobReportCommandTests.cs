using System.Text.Json.Nodes;

namespace Swan.Cli.Tests.Commands;

/// <summary><c>swan job report</c> and <c>swan job failed</c>; what they say is tested in Swan.Batch.Tests.</summary>
public sealed class JobReportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_failed_is_reported_and_listed_and_the_list_is_a_source()
    {
        string images = Directory.CreateDirectory(_folder.File("images")).FullName, output = _folder.File("out");
        string model = TinyModel.Write(_folder.FullName);
        for (int i = 0; i < 3; i++) TinyImages.Write(images, $"{i}.png", seed: i);
        string below = Directory.CreateDirectory(Path.Combine(images, "é folder")).FullName;
        File.WriteAllText(Path.Combine(below, "empty.png"), "");
        File.WriteAllText(Path.Combine(images, "text.png"), "no image");
        string[] embed = ["embed", "--model", model, "--max-bad", "1"];
        await RunAsync(0, "3 embedded, 2 bad", [.. embed, "--images", images, "--out", output]);

        string report = await RunAsync(0, "bad: Empty 1, NotAnImage 1", "job", "report", output);
        Assert.Contains($"page: {output}/reports/000001.html\n", report, StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse(await RunAsync(0, "", "job", "report", output, "--run", "1", "--json"))!;
        Assert.Equal((1, 3, 2), ((int)json["run"]!, (int)json["rows"]!["embedded"]!, (int)json["rows"]!["bad"]!));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(output, "reports", "000001.json"))), json));
        await RunAsync(1, "has no run 2", "job", "report", output, "--run", "2");

        json = JsonNode.Parse(await RunAsync(0, "", "job", "failed", output, "--json"))!;
        Assert.Equal(
            [("text.png", "NotAnImage"), ("é folder/empty.png", "Empty")],
            json["failed"]!.AsArray().Select(f => ((string)f!["image"]!, (string)f["reason"]!)));
        string failed = await RunAsync(0, "", "job", "failed", output, "--reason", "empty");
        Assert.Equal("é folder/empty.png\n", failed);
        string list = _folder.File("failed.txt");
        await File.WriteAllTextAsync(list, failed);
        TinyImages.Write(below, "empty.png", seed: 9);
        await RunAsync(0, "1 of 1 row, 1 embedded, 0 bad", [.. embed, "--list", list, "--root", images, "--out", _folder.File("out-2")]);
    }

    [Fact]
    public async Task Before_a_run_has_ended_nothing_is_known_and_trying_again_may_help()
    {
        string images = Directory.CreateDirectory(_folder.File("images")).FullName, output = _folder.File("out");
        TinyImages.Write(images, "0.png", seed: 0);
        await RunAsync(0, "", "job", "plan", "--model", TinyModel.Write(_folder.FullName), "--images", images, "--out", output);
        await RunAsync(75, "Run 1 will have one when its shards are done", "job", "report", output);
        await RunAsync(75, "has ended yet", "job", "failed", output);
    }

    private static async Task<string> RunAsync(int expected, string text, params string[] arguments)
    {
        (int code, string output, string errors) = await SwanProcess.Run(arguments);
        Assert.True(expected == code && (output + errors).Contains(text, StringComparison.Ordinal),
            $"swan {string.Join(' ', arguments)}: exit code {code}, expected {expected} and '{text}'\n{output}\n{errors}");
        return output;
    }
}
