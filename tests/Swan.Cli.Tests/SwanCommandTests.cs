using System.Text.Json.Nodes;

namespace Swan.Cli.Tests;

/// <summary>What holds for <c>swan</c> as a whole.</summary>
public sealed class SwanCommandTests
{
    [Fact]
    public async Task The_version_names_the_commit_and_the_native_libraries()
    {
        (int code, string output, string errors) = await SwanProcess.Run("--version");
        Assert.True(code == 0, errors);
        Assert.Matches(@"\Aswan \d+\.\d+\.\d+\S*( \(commit [0-9a-f]{40}\))?\nONNX Runtime: \d+\.\d+\.\d+\nlibtorch: \d+\.\d+\.\d+\S*\n\z",
            output);
        (_, string json, _) = await SwanProcess.Run("--version", "--json");
        JsonNode versions = JsonNode.Parse(json)!;
        Assert.Contains($"ONNX Runtime: {versions["onnxRuntime"]!.GetValue<string>()}\n", output, StringComparison.Ordinal);
        Assert.Contains($"libtorch: {versions["libtorch"]!.GetValue<string>()}\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_without_libtorch_says_so()
    {
        (int code, string output, _) = await SwanProcess.Run(
            new Dictionary<string, string> { ["SWAN_LIBTORCH"] = "/nowhere" }, "--version");
        Assert.Equal(0, code);
        Assert.EndsWith("\nlibtorch: not found\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_without_a_folder_to_write_to_is_shown_all_the_same()
    {
        // Where libstdc++ is old, libtorch needs a copy of one of its files there.
        (int code, string output, string errors) = await SwanProcess.Run(
            new Dictionary<string, string> { ["XDG_DATA_HOME"] = "/dev/null/data" }, "--version");
        Assert.True(code == 0, errors);
        Assert.Matches(@"\nlibtorch: (\d+\.\d+\.\d+\S*|can't be loaded, see 'swan doctor')\n\z", output);
    }

    [Theory]
    [InlineData("search", "--images", "", "x")]
    [InlineData("search", "--images", "x", "--model", "", "x")]
    [InlineData("train", "--data", " ", "--out", "x")]
    [InlineData("train", "--data", "x", "--out", "y", "--teacher", "")]
    [InlineData("embed", "--images", "x", "--out", "y", "--model", "")]
    public async Task A_blank_path_is_a_wrong_command_line(params string[] arguments)
    {
        (int code, string output, string errors) = await SwanProcess.Run(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Matches($@"\Aswan: --\w+ is blank; expected a value, as in '--\w+ [\w.-]+'\.\nSee: swan {arguments[0]} --help\n\z", errors);
    }

    [Theory]
    [InlineData("There is no command 'serach'.", "See: swan --help", "serach", "--images", "x")]
    [InlineData("There is no option '--jsn'.", "See: swan evaluate --help", "evaluate", "--data", "x", "--images", "x", "--jsn")]
    public async Task A_mistyped_word_is_named_with_where_to_look(string reason, string where, params string[] arguments)
    {
        (int code, string output, string errors) = await SwanProcess.Run(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"swan: {reason}\n", errors, StringComparison.Ordinal);
        Assert.EndsWith($"{where}\n", errors, StringComparison.Ordinal);
    }
}
