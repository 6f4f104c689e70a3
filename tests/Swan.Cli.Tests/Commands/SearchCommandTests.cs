using System.Text.Json.Nodes;

namespace Swan.Cli.Tests.Commands;

/// <summary><c>swan search</c> with the included model, in a process of its own.</summary>
public sealed class SearchCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SearchCommandTests()
    {
        for (int i = 0; i < 3; i++) TinyImages.Write(_folder.FullName, $"field_{i}.png", seed: i);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_query_without_a_model_searches_with_the_included_one()
    {
        (int code, string output, string errors) = await SwanProcess.Run(
            "search", "--images", _folder.FullName, "planes parked beside a terminal", "--top", "2", "--min-probability", "0");
        Assert.True(code == 0, errors);
        Assert.Equal("", errors);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("The 2 of 3 images", lines[0], StringComparison.Ordinal);
        Assert.All(lines[1..], line => Assert.Matches(@"^ +-?0\.\d{3}  +\d+ %  .*field_\d\.png$", line));
    }

    [Fact]
    public async Task The_included_model_says_that_noise_shows_no_planes()
    {
        (int code, string output, _) = await SwanProcess.Run("search", "--images", _folder.FullName, "planes parked beside a terminal");
        Assert.Equal(0, code);
        Assert.StartsWith("Nothing found for \"planes parked beside a terminal\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_argument_and_the_option_ask_the_same_and_json_is_all_of_the_output()
    {
        (int code, string asArgument, string errors) = await SwanProcess.Run(
            "search", "--images", _folder.FullName, "--json", "green fields");
        Assert.True(code == 0, errors);
        (_, string asOption, _) = await SwanProcess.Run("search", "--images", _folder.FullName, "--json", "--query", "green fields");
        Assert.Equal(asArgument, asOption);
        JsonNode found = JsonNode.Parse(asArgument)!;
        Assert.Equal(("green fields", 3), (found["query"]!.GetValue<string>(), found["hits"]!.AsArray().Count));
    }
}
