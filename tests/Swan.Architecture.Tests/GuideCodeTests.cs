using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Swan.Architecture.Tests.Sources;

namespace Swan.Architecture.Tests;

/// <summary>The C# of guides, specifications and the README is what the libraries have.</summary>
/// <remarks>READMEs of packages are compiled and run against the packages, by Swan.Packages.Tests.</remarks>
public sealed class GuideCodeTests
{
    private static readonly string[] s_folders = ["docs/", "models/", "README.md"];

    private static readonly string[] s_projects =
        ["Swan.MLNet", "Swan.Training", "Swan.Batch", "Swan.ObjectStores", "Swan.VectorData", "Swan.Geo", "samples/SceneSearch.Web"];

    // Those of the SDK, for programs and for web applications.
    private static readonly string[] s_implicit =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks",
        "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Http", "Microsoft.Extensions.DependencyInjection",
    ];

    // What the text around a block has introduced.
    private const string Given = """
        using Microsoft.AspNetCore.Builder;
        using Microsoft.ML;
        using Swan.MLNet.Metadata;
        using Swan.MLNet.Models;
        using Swan.MLNet.Search;

        public sealed record Tile(System.DateOnly Date, string Region);
        public sealed class Query { public string Text { get; set; } }
        public sealed class Answer { public string[] Keys { get; set; } }
        public static class Given
        {
            public static MLContext mlContext;
            public static IDataView images, embedded, queries, tiles, later;
            public static SwanModel model, next;
            public static SwanLiveIndex index;
            public static SwanGallery gallery;
            public static SwanFilter filter;
            public static System.DateOnly since;
            public static string region;
            public static System.Collections.Generic.List<string> names;
            public static System.Threading.CancellationToken cancellationToken;
            public static WebApplicationBuilder builder;
            public static WebApplication app;
        }
        """;

    private static readonly Lazy<CSharpCompilation> s_context = new(CreateContext);

    [Fact]
    public void A_block_of_code_compiles()
    {
        CodeBlock[] blocks = [.. Blocks().Where(block => block is { Origin: null, Excuse: null })];
        Assert.NotEmpty(blocks);
        Findings.AssertNone(blocks.SelectMany(block =>
            s_context.Value.AddSyntaxTrees(Parse(
                $"using static Given;\n{UsingsBefore(block, blocks)}\n#line {block.Line} \"{block.Document}\"\n{block.Code}"))
                .GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error)
                .Select(found => $"{block.Document}:{found.Location.GetMappedLineSpan().StartLinePosition.Line + 1} "
                    + found.GetMessage(CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void A_block_of_a_sample_stands_in_the_sample() => Findings.AssertNone(
        Blocks().Where(block => block.Origin is { } origin
                && !SourcesOf(origin).Any(source => source.Contains(Lines(block.Code), StringComparison.Ordinal)))
            .Select(block => $"{block} is not in the sources of '{block.Origin}', line by line."));

    // A page names its namespaces once, where a reader needs them first.
    private static string UsingsBefore(CodeBlock block, CodeBlock[] blocks) => string.Join('\n', blocks
        .Where(other => other.Document == block.Document && other.Line < block.Line)
        .SelectMany(other => other.Code.Split('\n'))
        .Where(line => line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('='))
        .Except(block.Code.Split('\n')).Distinct());

    private static IEnumerable<CodeBlock> Blocks() => RepositoryFiles.Documents
        .Where(document => Array.Exists(s_folders, f => RepositoryFiles.Relative(document).StartsWith(f, StringComparison.Ordinal)))
        .SelectMany(CodeBlock.Of);

    private static IEnumerable<string> SourcesOf(string folder) => RepositoryFiles.Sources
        .Where(file => RepositoryFiles.Relative(file).StartsWith(folder + "/", StringComparison.Ordinal))
        .Select(file => Lines(File.ReadAllText(file)));

    // Without indents and blank lines, which a document sets otherwise.
    private static string Lines(string code) =>
        string.Join('\n', code.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static CSharpCompilation CreateContext()
    {
        SourceProject[] projects = [.. s_projects.Select(name => SourceProject.All.Values.Single(project => project.Name == name))];
        MetadataReference[] references =
        [
            .. projects.Take(projects.Length - 1).Select(project => project.Compilation.ToMetadataReference()),
            .. projects.SelectMany(project => new BuildOutput(project).Packages).DistinctBy(file => Path.GetFileName(file.Display)),
        ];
        string usings = string.Join('\n', s_implicit.Select(name => $"global using {name};"));
        return CSharpCompilation.Create("Guide", [Parse(usings), Parse(Given)], references, new(OutputKind.ConsoleApplication));
    }

    private static SyntaxTree Parse(string code) => CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Latest));
}
