using Swan.MLNet.Models;

namespace Swan.Packages.Tests;

/// <summary>What <c>dotnet publish Swan.Cli</c> leaves, run in another folder.</summary>
public sealed class PublishedCommandTests(PublishedCommand published) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_published_command_trains_and_exports_a_model_that_the_repository_opens()
    {
        TinyTraining.Write(_folder.FullName);
        string program = Path.Combine(published.Folder, "swan.dll");
        DotNet.Run(_folder.FullName, null, [program, .. TinyTraining.Train]);
        DotNet.Run(_folder.FullName, null, [program, .. TinyTraining.Export]);
        using SwanModel model = SwanModel.Open(_folder.File(TinyTraining.Model));
        Assert.Equal(TinyTraining.EmbeddingSize, model.EmbedCaption("a green forest").Length);
    }

    [Fact]
    public void Without_libtorch_training_ends_with_one_message_and_search_works()
    {
        TinyTraining.Write(_folder.FullName);
        string program = published.CopyWithoutLibTorch(_folder.File("bare"));
        foreach (string[] command in (string[][])[TinyTraining.Train, TinyTraining.Export])
        {
            (int code, string output) = DotNet.Try(_folder.FullName, null, [program, .. command]);
            Assert.Equal(1, code);
            string message = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.StartsWith("swan: libtorch is missing", message, StringComparison.Ordinal);
            Assert.Contains("add the package TorchSharp-cpu", message, StringComparison.Ordinal);
        }

        string found = DotNet.Run(_folder.FullName, null, program, "search", "--images", "images", "a green forest", "--top", "1",
            "--min-probability", "0");
        Assert.Contains("forest_", found, StringComparison.Ordinal);
        Assert.EndsWith("libtorch: not found\n", DotNet.Run(_folder.FullName, null, program, "--version"), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_tools_and_other_platforms_are_not_published()
    {
        string[] names = [.. Directory.EnumerateFileSystemEntries(published.Folder).Select(f => Path.GetFileName(f)!)];
        Assert.DoesNotContain("runtimes", names);
        string[] tools = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "build"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file))];
        Assert.Contains("Publicizer", tools);
        Assert.DoesNotContain(names, name => tools.Any(tool => name.StartsWith(tool + ".", StringComparison.Ordinal)));
    }
}
