using System.IO.Compression;
using System.Xml.Linq;

[assembly: AssemblyFixture(typeof(Swan.Packages.Tests.PackedRepository))]

namespace Swan.Packages.Tests;

/// <summary>All packages, made of what is built, in a feed of their own under a version that no cache can know.</summary>
public sealed class PackedRepository : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackedRepository()
    {
        foreach (string project in Names)
        {
            DotNet.Run(
                Repository.Root, null, "pack", Repository.Project(project), "--no-build", "-c", Repository.Configuration, "-o", Feed,
                $"-p:Version={Version}", $"-p:NuspecOutputPath={_folder.File("nuspec")}{Path.DirectorySeparatorChar}");
        }
    }

    /// <summary>The packages.</summary>
    public static string[] Names { get; } =
        ["Swan.MLNet", "Swan.Training", "Swan.Batch", "Swan.ObjectStores", "Swan.VectorData", "Swan.Geo"];

    public string Version { get; } = $"0.1.0-test.x{Guid.NewGuid():N}";

    public string Feed => _folder.File("feed");

    public void Dispose() => _folder.Dispose();

    /// <summary>The files in a package, without those that every package has.</summary>
    public string[] Files(string package, string extension = ".nupkg")
    {
        using ZipArchive zip = Open(package, extension);
        return [.. zip.Entries.Select(e => e.FullName).Where(n => !n.StartsWith("_rels/", StringComparison.Ordinal)
            && !n.StartsWith("package/", StringComparison.Ordinal)
            && n != "[Content_Types].xml").Order(StringComparer.Ordinal)];
    }

    public byte[] Read(string package, string file, string extension = ".nupkg")
    {
        using ZipArchive zip = Open(package, extension);
        using Stream entry = (zip.GetEntry(file) ?? throw new FileNotFoundException($"{package}{extension} has no '{file}'.")).Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }

    public string Text(string package, string file) => new StreamReader(new MemoryStream(Read(package, file))).ReadToEnd();

    /// <summary>The first block of C# in a package's README, or a later one.</summary>
    public string ReadmeCode(string package, int block = 0) => CodeOf(Text(package, "README.md"), block);

    /// <summary>The first block of C# in a Markdown text, or a later one.</summary>
    public static string CodeOf(string markdown, int block = 0) => BlocksOf(markdown, "csharp")[block];

    /// <summary>The blocks of a language in a Markdown text.</summary>
    public static string[] BlocksOf(string markdown, string language) =>
        [.. markdown.Split($"```{language}\n")[1..].Select(block => block.Split("```")[0])];

    /// <summary>The nuspec's metadata, without its namespace.</summary>
    public XElement Metadata(string package)
    {
        XElement root = XElement.Parse(Text(package, $"{package}.nuspec"));
        foreach (XElement element in root.DescendantsAndSelf()) element.Name = element.Name.LocalName;
        return root.Element("metadata")!;
    }

    /// <summary>What a package depends on, with the range of versions as it stands.</summary>
    public Dictionary<string, string> Dependencies(string package) =>
        Metadata(package).Descendants("dependency").ToDictionary(d => d.Attribute("id")!.Value, d => d.Attribute("version")!.Value);

    private ZipArchive Open(string package, string extension) => ZipFile.OpenRead(Path.Combine(Feed, $"{package}.{Version}{extension}"));
}
