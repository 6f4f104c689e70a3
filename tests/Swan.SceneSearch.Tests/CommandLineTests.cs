namespace Swan.SceneSearch.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "No index is given")]
    [InlineData("a b", "Two indexes")]
    [InlineData("a --imagse b", "'--imagse' is not an option")]
    [InlineData("a --model", "--model needs a value")]
    [InlineData("a --urls nonsense", "--urls is 'nonsense'")]
    public void What_is_wrong_is_said_in_a_sentence(string arguments, string expected)
    {
        (ServerOptions? options, string? fault) = CommandLine.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Null(options);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_read_in_any_order()
    {
        ServerOptions options = CommandLine.Parse(["--images", "photos", "gallery", "--urls=http://*:80;https://localhost:1"]).Options!;
        Assert.Equal(("gallery", "photos", "http://*:80;https://localhost:1"), (options.Index, options.Images, options.Urls));
        Assert.True(CommandLine.Parse(["--demo"]).Options!.Demo);
        Assert.Equal("folder", CommandLine.Parse(["--demo", "folder"]).Options!.Index);
    }

    [Fact]
    public void A_folder_without_an_index_ends_the_program_with_2()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "SceneSearch.Web.dll");
        (int code, _, string errors) = ChildProcess.Finish("dotnet", [program, _folder.FullName]);
        Assert.Equal(2, code);
        Assert.Contains(_folder.FullName, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }
}
