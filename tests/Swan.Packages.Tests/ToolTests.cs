using System.IO.Compression;
using System.Runtime.InteropServices;
using Swan.MLNet.Models;

namespace Swan.Packages.Tests;

/// <summary>The command as a .NET tool: packed for this platform, installed from its package into an empty HOME, and used.</summary>
public sealed class ToolTests : IDisposable
{
    private const long GalleryLimit = 250L << 20;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tool_installed_in_an_empty_home_searches_and_trains()
    {
        string platform = RuntimeInformation.RuntimeIdentifier, version = $"0.1.0-test.x{Guid.NewGuid():N}", feed = _folder.File("feed");
        DotNet.Run(
            Repository.Root, null, "pack", Repository.Project("Swan.Cli"), "--no-build", "-c", Repository.Configuration, "-o", feed,
            $"-p:Version={version}", $"-p:ToolPlatforms={platform}",
            $"-p:NuspecOutputPath={_folder.File("nuspec")}{Path.DirectorySeparatorChar}",
            $"-p:PublishDir={_folder.File("staged")}{Path.DirectorySeparatorChar}");
        string package = Path.Combine(feed, $"Swan.Cli.{platform}.{version}.nupkg");
        Assert.InRange(new FileInfo(package).Length, 1, GalleryLimit);
        using (ZipArchive tool = ZipFile.OpenRead(package))
            Assert.Contains(tool.Entries, e => e.FullName.EndsWith("/LICENSE-LIBTORCH.txt", StringComparison.Ordinal));
        using (ZipArchive pointer = ZipFile.OpenRead(Path.Combine(feed, $"Swan.Cli.{version}.nupkg")))
            Assert.DoesNotContain(pointer.Entries, e => e.FullName.EndsWith(".dll", StringComparison.Ordinal));

        Dictionary<string, string> user = EmptyHome();
        string source = $"""<add key="this run" value="{feed}" />""";
        File.WriteAllText(
            _folder.File("NuGet.config"), $"<configuration><packageSources><clear />{source}</packageSources></configuration>");
        DotNet.Run(_folder.FullName, user, "tool", "install", "Swan.Cli", "--version", version, "--tool-path", _folder.File("tools"),
            "--configfile", _folder.File("NuGet.config"));

        string swan = _folder.File(OperatingSystem.IsWindows() ? "tools/swan.exe" : "tools/swan");
        TinyTraining.Write(_folder.FullName);
        string found = DotNet.RunProgram(
            swan, _folder.FullName, user, "search", "--images", "images", "planes parked beside a terminal", "--top", "3",
            "--min-probability", "0");
        Assert.Equal(3, found.Split('\n').Count(l => l.Contains("images/forest_", StringComparison.Ordinal)));
        DotNet.RunProgram(swan, _folder.FullName, user, TinyTraining.Train);
        DotNet.RunProgram(swan, _folder.FullName, user, TinyTraining.Export);
        using SwanModel model = SwanModel.Open(_folder.File(TinyTraining.Model));
        Assert.Equal(TinyTraining.EmbeddingSize, model.EmbedCaption("a green forest").Length);
    }

    // Nothing of the machine's user: the packages of the tool are installed as on a new machine.
    private Dictionary<string, string> EmptyHome()
    {
        string home = Directory.CreateDirectory(_folder.File("home")).FullName;
        return new()
        {
            ["HOME"] = home, ["USERPROFILE"] = home, ["DOTNET_CLI_HOME"] = home, ["XDG_DATA_HOME"] = "", ["XDG_CACHE_HOME"] = "",
            ["NUGET_PACKAGES"] = _folder.File("packages"),
        };
    }
}
