
namespace Swan.Cli.Tests.Commands;

/// <summary><c>swan completion</c>, and the suggestions that its scripts ask for.</summary>
public sealed class CompletionCommandTests
{
    [Theory]
    [InlineData("swan se", "search")]
    [InlineData("swan search --im", "--images")]
    [InlineData("swan train --text-tower ", "minilm")]
    [InlineData("swan search --device ", "cuda")]
    [InlineData("swan completion ", "fish")]
    [InlineData("swan index se", "search")]
    [InlineData("swan scene ex", "export")]
    [InlineData("swan embed --fl", "--float16")]
    [InlineData("swan index search gallery --wh", "--where")]
    [InlineData("swan index build --scan ", "int8")]
    public async Task Commands_options_and_values_are_suggested(string line, string expected)
    {
        (int code, string output, string errors) = await SwanProcess.Run($"[suggest:{line.Length}]", line);
        Assert.True(code == 0, errors);
        Assert.Contains(expected, output.Split('\n'));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Each_shell_has_a_script_that_asks_swan(string shell)
    {
        (int code, string output, _) = await SwanProcess.Run("completion", shell);
        Assert.Equal(0, code);
        Assert.Contains("[suggest:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bash_completes_with_its_script()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash here.");
        (_, string script, _) = await SwanProcess.Run("completion", "bash");
        string program = $$"""
            swan() { dotnet '{{Path.Combine(AppContext.BaseDirectory, "swan.dll")}}' "$@"; }
            {{script}}
            COMP_LINE='swan search --to' COMP_POINT=16 COMP_CWORD=2 COMP_WORDS=(swan search --to)
            _swan
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        Assert.Equal("--top\n", ChildProcess.Finish("/bin/bash", ["-c", program]).Output);
    }
}
