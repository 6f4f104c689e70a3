using System.Text.Json;
using Microsoft.CodeAnalysis;

namespace Swan.Architecture.Tests.Sources;

/// <summary>What restoring and building a project left under its <c>obj</c> folder.</summary>
internal sealed class BuildOutput
{
    private const string Framework = "net10.0";

    private readonly string _folder;
    private readonly string _assets;

    public BuildOutput(SourceProject project)
    {
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
            // A package that is newer than the framework's own library comes before that.
            return Directory.EnumerateFiles(framework, "*.dll").Where(IsManaged)
                .Concat(PackageFiles().Where(file => !replaced.Contains(Path.GetFileName(file))))
                .Concat(publicized)
                .Concat(FurtherFrameworks(framework))
                .DistinctBy(file => Path.GetFileName(file))
                .Select(file => MetadataReference.CreateFromFile(file));
        }
    }

    private string PublicizedFolder => Path.Combine(_folder, "publicized");

    // Such as ASP.NET Core: beside .NET's own, in the version that runs.
    private IEnumerable<string> FurtherFrameworks(string framework)
    {
        using JsonDocument assets = JsonDocument.Parse(File.ReadAllText(_assets));
        JsonElement target = assets.RootElement.GetProperty("project").GetProperty("frameworks").GetProperty(Framework);
        if (!target.TryGetProperty("frameworkReferences", out JsonElement references)) return [];
        string shared = Path.GetDirectoryName(Path.GetDirectoryName(framework))!, version = Path.GetFileName(framework);
        return [.. references.EnumerateObject().Select(reference => Path.Combine(shared, reference.Name, version))
            .Where(folder => folder != framework && Directory.Exists(folder))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "Microsoft.*.dll"))];
    }

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
