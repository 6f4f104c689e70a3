using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Swan.Architecture.Tests.Sources;

/// <summary>A project of the repository, which can be compiled in memory.</summary>
/// <remarks>
/// A reference to another project is a reference to its compilation, so that a symbol leads to the file that declares it.
/// The project must have been built: the build restores its packages and leaves global usings and assembly attributes under <c>obj</c>.
/// </remarks>
internal sealed class SourceProject
{
    // The other half of a [GeneratedRegex] or [LibraryImport] comes from a source generator, and none runs here.
    private const string PartialWithoutImplementation = "CS8795";

    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.Latest, DocumentationMode.None);
    private static readonly Lazy<Dictionary<string, SourceProject>> s_all = new(FindAll);

    private readonly XDocument _definition;
    private readonly Lazy<CSharpCompilation> _compilation;

    private SourceProject(string path)
    {
        FilePath = path;
        Folder = Path.GetDirectoryName(path)!;
        _definition = XDocument.Load(path);
        _compilation = new(Compile);
    }

    /// <summary>All projects of the repository, by the full path of the project file.</summary>
    public static IReadOnlyDictionary<string, SourceProject> All => s_all.Value;

    public string FilePath { get; }

    public string Folder { get; }

    /// <summary>The folder's path in the repository, with forward slashes.</summary>
    public string Name => RepositoryFiles.Relative(Folder);

    public CSharpCompilation Compilation => _compilation.Value;

    /// <summary>The projects that this one compiles against, directly.</summary>
    public IEnumerable<SourceProject> References =>
        from reference in _definition.Descendants("ProjectReference")
        where (string?)reference.Attribute("ReferenceOutputAssembly") != "false"
        select All[Path.GetFullPath(Path.Combine(Folder, (string)reference.Attribute("Include")!))];

    /// <summary>The packages that the project file names.</summary>
    public IEnumerable<string> Packages =>
        _definition.Descendants("PackageReference").Select(package => (string)package.Attribute("Include")!);

    /// <summary>Files that a person wrote, in this folder or linked from another one.</summary>
    public IEnumerable<string> SourceFiles =>
        RepositoryFiles.Sources.Where(file => Owner(file) == this)
            .Concat(_definition.Descendants("Compile")
                .Attributes("Include")
                .Select(link => Path.GetFullPath(Path.Combine(Folder, link.Value))));

    public override string ToString() => Name;

    private static Dictionary<string, SourceProject> FindAll() =>
        RepositoryFiles.ProjectFiles.Select(path => new SourceProject(path)).ToDictionary(project => project.FilePath);

    private static SourceProject? Owner(string file)
    {
        for (string? folder = Path.GetDirectoryName(file); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (All.Values.FirstOrDefault(project => project.Folder == folder) is { } owner) return owner;
        }
        return null;
    }

    private CSharpCompilation Compile()
    {
        var generated = new BuildOutput(this);
        SyntaxTree[] trees = [.. SourceFiles.Concat(generated.SourceFiles).AsParallel().AsOrdered().Select(Parse)];
        bool runs = trees.Any(tree => tree.GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any());
        var options = new CSharpCompilationOptions(runs ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true, nullableContextOptions: NullableContextOptions.Disable);
        var compilation = CSharpCompilation.Create(
            _definition.Descendants("AssemblyName").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(FilePath),
            trees, [.. ReferencedProjects().Select(project => project.Compilation.ToMetadataReference()), .. generated.Packages], options);
        compilation = JsonGenerator.AddTo(compilation, s_parsing);
        RefuseErrors(compilation);
        return compilation;
    }

    private static SyntaxTree Parse(string file) => CSharpSyntaxTree.ParseText(File.ReadAllText(file), s_parsing, file);

    // A reference that does not resolve would be a reference that no test sees.
    private void RefuseErrors(CSharpCompilation compilation)
    {
        string[] errors = [.. compilation.GetDiagnostics()
            .Where(found => found.Severity == DiagnosticSeverity.Error && found.Id != PartialWithoutImplementation)
            .Select(found => found.ToString())];
        if (errors.Length == 0) return;
        throw new InvalidOperationException(
            $"{errors.Length} errors when '{Name}' is compiled in memory, so its references cannot be checked. "
            + $"Build Swan.sln first. The first ones:\n{string.Join('\n', errors.Take(10))}");
    }

    private HashSet<SourceProject> ReferencedProjects() =>
        [.. References.SelectMany(project => project.ReferencedProjects().Prepend(project))];
}
