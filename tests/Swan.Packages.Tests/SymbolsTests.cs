using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.Json.Nodes;

namespace Swan.Packages.Tests;

public sealed class SymbolsTests(PackedRepository packed)
{
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    public static TheoryData<string> Packages => [.. PackedRepository.Names];

    [Theory, MemberData(nameof(Packages))]
    public void The_symbol_package_fits_the_library(string package)
    {
        Assert.Contains($"lib/net10.0/{package}.pdb", packed.Files(package, ".snupkg"));
        using var library = new PEReader(new MemoryStream(packed.Read(package, $"lib/net10.0/{package}.dll")));
        DebugDirectoryEntry entry = library.ReadDebugDirectory().Single(e => e.Type == DebugDirectoryEntryType.CodeView);
        using MetadataReaderProvider symbols = Symbols(packed.Read(package, $"lib/net10.0/{package}.pdb", ".snupkg"));
        Assert.Equal(library.ReadCodeViewDebugDirectoryData(entry).Guid,
            new BlobContentId(symbols.GetMetadataReader().DebugMetadataHeader!.Id).Guid);
    }

    [Theory, MemberData(nameof(Packages))]
    public void A_package_contains_no_path_of_the_build_machine(string package)
    {
        Assert.SkipWhen(Repository.Configuration == "Debug", "Debug builds keep the machine's paths, for debuggers.");
        Assert.SkipUnless(Path.Exists(Path.Combine(Repository.Root, ".git")), "Without git, paths have no root to start from.");
        using MetadataReaderProvider provider = Symbols(packed.Read(package, $"lib/net10.0/{package}.pdb", ".snupkg"));
        MetadataReader reader = provider.GetMetadataReader();
        string[] documents = [.. reader.Documents.Select(d => reader.GetString(reader.GetDocument(d).Name))];
        Assert.Contains(documents, d => d.StartsWith($"/_/{package}/", StringComparison.Ordinal));
        Assert.DoesNotContain(documents, d => d.Contains(Repository.Root, StringComparison.Ordinal));
        Assert.DoesNotContain(
            Repository.Root, Encoding.Latin1.GetString(packed.Read(package, $"lib/net10.0/{package}.dll")), StringComparison.Ordinal);
    }

    [Fact]
    public void Symbols_lead_to_the_sources_of_the_commit_when_the_clone_has_a_remote()
    {
        Assert.SkipUnless(Path.Exists(Path.Combine(Repository.Root, ".git")), "Without git there is no commit.");
        using var folder = new TemporaryFolder();
        // As in a clone of a published repository: git's user configuration gives this one a remote more, and leaves it alone otherwise.
        Directory.CreateDirectory(folder.File("git"));
        File.WriteAllText(Path.Combine(folder.File("git"), "config"), "[remote \"published\"]\n\turl = https://github.com/swan/swan.git\n");
        string output = folder.File("obj") + Path.DirectorySeparatorChar;
        DotNet.Run(
            Repository.Root, new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = folder.FullName }, "msbuild",
            Repository.Project("Swan.MLNet"), "-t:Compile", "-p:Configuration=Release",
            "-p:BuildProjectReferences=false", "-p:RunAnalyzers=false", "-p:GitRepositoryRemoteName=published",
            "-p:ContinuousIntegrationBuild=false", $"-p:IntermediateOutputPath={output}");

        using MetadataReaderProvider provider = Symbols(File.ReadAllBytes(Path.Combine(output, "Swan.MLNet.pdb")));
        MetadataReader reader = provider.GetMetadataReader();
        CustomDebugInformation link =
            reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation).Single(i => reader.GetGuid(i.Kind) == SourceLink);
        KeyValuePair<string, JsonNode?> map = Assert.Single(JsonNode.Parse(reader.GetBlobBytes(link.Value))!["documents"]!.AsObject());
        Assert.Equal("/_/*", map.Key);
        Assert.Matches(@"^https://raw\.githubusercontent\.com/swan/swan/[0-9a-f]{40}/\*$", map.Value!.GetValue<string>());
    }

    private static MetadataReaderProvider Symbols(byte[] pdb) => MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(pdb));
}
