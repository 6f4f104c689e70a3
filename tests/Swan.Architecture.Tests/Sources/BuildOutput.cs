using System.Text.Json;
using Microsoft.CodeAnalysis;

namespace Swan.Architecture.Tests.Sources;

/// <summary>What restoring and building a project left under its <c>obj</c> folder.</summary>
internal sealed class BuildOutput
{
    private const string Framework = "net10.0", BaseFramework = "Microsoft.NETCore.App", WebFramework = "Microsoft.AspNetCore.App";

    private readonly string _folder;
    private readonly string _assets;
    private readonly bool _usesWebFramework;

    public BuildOutput(SourceProject project)
    {
        _usesWebFramework = File.ReadAllText(project.FilePath).Contains(WebFramework, StringComparison.Ordinal);
        string obj = Path.Combine(project.Folder, "obj");
        _assets = Path.Combine(obj, "project.assets.json");
        string intermediate = Path.Combine(obj, Repository.Configuration, Framework);
        string name = Path.GetFileNameWithoutExtension(project.FilePath);
        // Packing leaves global usings of its own in another folder, but compiles nothing there.
        string usings = $"{name}.GlobalUsings.g.cs", compiled = $"{name}.AssemblyInfo.cs";
        string? newest = !Directory.Exists(intermediate)
            ? null
            : Directory.EnumerateFiles(intermediate, usings, SearchOption.AllDirectories)
                .Where(file => File.Exists(Path.Combine(Path.GetDirectoryName(file)!, compiled)))
                .OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault();
        if (newest is null || !File.Exists(_assets))
        {
            throw new FileNotFoundException(
                $"'{project.Name}' has not been built: there is no '{usings}' under '{intermediate}'. "
                + $"Build Swan.sln with -c {Repository.Configuration}.");
        }
        _folder = Path.GetDirectoryName(newest)!;
    }

    /// <summary>Global usings and assembly attributes, InternalsVisibleTo among them.</summary>
    public IEnumerable<string> SourceFiles => Directory.EnumerateFiles(_folder, "*.cs");

    /// <summary>
    /// The framework and the packages; the copies of ML.NET with internals in sight instead of the originals where the project has them.
    /// </summary>
    public IEnumerable<MetadataReference> Packages
    {
        get
        {
            string[] publicized = Directory.Exists(PublicizedFolder) ? Directory.GetFiles(PublicizedFolder, "*.dll") : [];
            HashSet<string> replaced = [.. publicized.Select(file => Path.GetFileName(file))];
            string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
            List<string> packages = PackageFiles();
            HashSet<string> packaged = [.. packages.Select(file => Path.GetFileName(file))];
            return Directory.EnumerateFiles(framework, "*.dll").Where(IsManaged)
                .Concat(WebFiles(framework).Where(file => !packaged.Contains(Path.GetFileName(file))))
                .Concat(packages.Where(file => !replaced.Contains(Path.GetFileName(file))))
                .Concat(publicized)
                .Select(file => MetadataReference.CreateFromFile(file));
        }
    }

    private string PublicizedFolder => Path.Combine(_folder, "publicized");

    // Servers of tests are made with it; the two come together, in one version.
    private IEnumerable<string> WebFiles(string framework) => _usesWebFramework
        ? Directory.EnumerateFiles(framework.Replace(BaseFramework, WebFramework, StringComparison.Ordinal), "Microsoft.*.dll")
        : [];

    private static bool IsManaged(string file)
    {
        string name = Path.GetFileName(file);
        return name.StartsWith("System.", StringComparison.Ordinal) && !name.Contains("Native", StringComparison.Ordinal)
            || name is "mscorlib.dll" or "netstandard.dll" or "Microsoft.CSharp.dll" or "Microsoft.Win32.Primitives.dll";
    }

    private List<string> PackageFiles()
    {
        using JsonDocument assets = JsonDocument.Parse(File.ReadAllText(_assets));
        string[] roots = [.. assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
        JsonElement libraries = assets.RootElement.GetProperty("libraries");
        var files = new List<string>();
        foreach (JsonProperty library in assets.RootElement.GetProperty("targets").GetProperty(Framework).EnumerateObject())
        {
            if (library.Value.GetProperty("type").GetString() != "package"
                || !library.Value.TryGetProperty("compile", out JsonElement compile))
                continue;
            string path = libraries.GetProperty(library.Name).GetProperty("path").GetString()!;
            files.AddRange(compile.EnumerateObject().Where(file => file.Name.EndsWith(".dll", StringComparison.Ordinal))
                .Select(file => roots.Select(root => Path.Combine(root, path, file.Name)).First(File.Exists)));
        }
        return files;
    }
}
