using System.Runtime.InteropServices;
using System.Security;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Swan.Packages.Tests;

/// <summary>Somebody's project in a folder of its own, which knows the packages but not this repository.</summary>
/// <remarks>
/// It takes Swan's packages from the feed of this run, and everything else from where this machine takes packages, of which those that the
/// repository was restored with are at hand without a network: NuGet's global folder is its fallback. Nothing is written there.
/// </remarks>
internal sealed partial class Consumer
{
    private static readonly Lazy<string> MachineFolder =
        new(() => DotNet.Run(Repository.Root, null, "nuget", "locals", "global-packages", "--list").Split("global-packages:", 2)[1].Trim());

    private static readonly Lazy<(string Name, string Address)[]> MachineSources = new(() =>
        [.. EnabledSource()
            .Matches(DotNet.Run(Repository.Root, null, "nuget", "list", "source"))
            .Select(m => (m.Groups["name"].Value, m.Groups["address"].Value))]);

    private readonly string _folder;

    /// <summary>A project of C#.</summary>
    public Consumer(string folder, PackedRepository packed, params (string Id, string Version)[] packages)
        : this(folder, packed) => WriteProject("consumer.csproj", [], packages);

    /// <summary>A folder without a project, for file-based apps.</summary>
    public Consumer(string folder, PackedRepository packed)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        string Sources(Func<(string Name, string Address), string> line) => string.Join("\n    ", MachineSources.Value.Select(line));
        Write("NuGet.config", $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <fallbackPackageFolders>
                <clear />
                <add key="machine" value="{SecurityElement.Escape(MachineFolder.Value)}" />
              </fallbackPackageFolders>
              <packageSources>
                <clear />
                <add key="this run" value="{packed.Feed}" />
                {Sources(s => $"<add key=\"{SecurityElement.Escape(s.Name)}\" value=\"{SecurityElement.Escape(s.Address)}\" />")}
              </packageSources>
              <packageSourceMapping>
                <clear />
                <packageSource key="this run"><package pattern="Swan.*" /></packageSource>
                {Sources(s => $"<packageSource key=\"{SecurityElement.Escape(s.Name)}\"><package pattern=\"*\" /></packageSource>")}
              </packageSourceMapping>
            </configuration>
            """);
    }

    /// <summary>All packages that were resolved, as name/version.</summary>
    public string[] Closure =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "obj", "project.assets.json")))!["libraries"]!
            .AsObject()
            .Select(l => l.Key)];

    /// <summary>Writes a project for programs of this machine.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="sources">Its sources in the order that F# wants; none: all of C#.</param>
    /// <param name="packages">What it refers to.</param>
    public void WriteProject(string file, IEnumerable<string> sources, IEnumerable<(string Id, string Version)> packages)
    {
        string items = string.Concat(sources.Select(source => $"\n    <Compile Include=\"{source}\" />"))
            + string.Concat(packages.Select(p => $"\n    <PackageReference Include=\"{p.Id}\" Version=\"{p.Version}\" />"));
        Write(file, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <UseAppHost>false</UseAppHost>
                <NuGetAudit>false</NuGetAudit>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>{items}
              </ItemGroup>
            </Project>
            """);
    }

    public void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);

    // A source that doesn't answer; no source, or none that has a package. Our own packages are in the feed, so that one of them missing is
    // a defect.
    private static readonly string[] Missing = ["NU1301", "NU1100", "NU1101"];

    // The SDK asks for these in its own version, which a registry may not have.
    private static readonly string[] Packs = ["Microsoft.NETCore.App.", "Microsoft.NET.ILLink", "Microsoft.DotNet.ILCompiler"];

    /// <summary>Restores and builds; the test is skipped if a package is missing that no registry can be asked for.</summary>
    public void Build() => Restoring("build", "-c", "Release", "-nodeReuse:false");

    /// <summary>Publishes a program; the test is skipped in the same case, such as where the runtime's package is missing.</summary>
    /// <param name="program">Its folder.</param>
    /// <param name="properties">Such as <c>PublishTrimmed=true</c>.</param>
    public void Publish(string program, params string[] properties) =>
        Restoring(["publish", "-c", "Release", "-nodeReuse:false", "-o", program, .. properties.Select(p => $"-p:{p}")]);

    /// <summary>Builds and runs a file-based app, and gives back what it printed; skipped in the same case.</summary>
    public string RunFile(string file, params string[] arguments) => Restoring(["run", file, "--", .. arguments]);

    /// <summary>Runs a published program in the project's folder.</summary>
    public string RunPublished(string program, params string[] arguments) =>
        DotNet.RunProgram(Path.Combine(_folder, program), _folder, Environment(), arguments);

    private string Restoring(params string[] command)
    {
        (int code, string output) = DotNet.Try(_folder, Environment(), command);
        if (code != 0
            && output.Split('\n').FirstOrDefault(l => IsMissing(l)
                && !l.Contains("Swan.", StringComparison.Ordinal)) is { } unreachable)
            Assert.Skip($"No package registry answers, and not all packages are at hand: {unreachable.Trim()}");
        Assert.True(code == 0, output);
        return output;
    }

    /// <summary>Runs the built program in the project's folder.</summary>
    public string Run(params string[] arguments) => DotNet.Run(_folder, Environment(),
        [Path.Combine("bin", "Release", "net10.0", RuntimeInformation.RuntimeIdentifier, "consumer.dll"), .. arguments]);

    private static bool IsMissing(string line) => Missing.Any(m => line.Contains(m, StringComparison.Ordinal))
        || (line.Contains("NU1102", StringComparison.Ordinal) && Packs.Any(p => line.Contains(p, StringComparison.Ordinal)));

    // It would go before the configuration's own folder.
    private static Dictionary<string, string> Environment() => new() { ["NUGET_PACKAGES"] = "" };

    [GeneratedRegex(@"^\s*\d+\.\s+(?<name>.+?) \[Enabled\]\s*\n\s*(?<address>\S.*?)\s*$", RegexOptions.Multiline)]
    private static partial Regex EnabledSource();
}
