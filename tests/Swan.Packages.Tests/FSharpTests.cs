using System.Runtime.InteropServices;

namespace Swan.Packages.Tests;

/// <summary>The programs of the guide to F#, over the packages.</summary>
public sealed class FSharpTests(PackedRepository packed) : IDisposable
{
    private static readonly string[] s_packages = ["Swan.MLNet", "Swan.Batch", "Swan.Geo", "Swan.VectorData", "Swan.Training"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_block_of_the_guide_compiles_and_the_first_program_searches()
    {
        string[] blocks = [.. File.ReadAllText(Path.Combine(Repository.Root, "docs", "guide", "fsharp.md")).Split("```fsharp\n")[1..]
            .Select(block => block.Split("```")[0])];
        var consumer = new Consumer(_folder.FullName, packed);
        // Blocks are modules, and the program comes last, as F# has it.
        for (int i = 1; i < blocks.Length; i++) consumer.Write($"Block{i}.fs", $"module Block{i}\n\n{blocks[i]}");
        consumer.Write("Program.fs", blocks[0]);
        consumer.Write("consumer.fsproj", Project(blocks.Length - 1));
        string images = Directory.CreateDirectory(_folder.File("quickstart-out/scenes/images")).FullName;
        for (int i = 0; i < 3; i++) TinyImages.Write(images, $"roundabout_{i}.png", seed: i);

        consumer.Build();

        string[] lines = consumer.Run().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^-?\d\.\d\d  quickstart-out/scenes/images/roundabout_\d\.png$", line));
    }

    private string Project(int modules)
    {
        string files = string.Concat(Enumerable.Range(1, modules).Select(i => $"\n    <Compile Include=\"Block{i}.fs\" />"));
        (string, string)[] others =
        [
            ("Microsoft.ML.OnnxRuntime", packed.Dependencies("Swan.MLNet")["Microsoft.ML.OnnxRuntime.Managed"]),
            ("TorchSharp-cpu", packed.Dependencies("Swan.Training")["TorchSharp"]),
        ];
        string references = string.Concat(s_packages.Select(name => (name, packed.Version)).Concat(others)
            .Select(package => $"\n    <PackageReference Include=\"{package.Item1}\" Version=\"{package.Item2}\" />"));
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <UseAppHost>false</UseAppHost>
                <NuGetAudit>false</NuGetAudit>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>{files}
                <Compile Include="Program.fs" />
              </ItemGroup>
              <ItemGroup>{references}
              </ItemGroup>
            </Project>
            """;
    }
}
