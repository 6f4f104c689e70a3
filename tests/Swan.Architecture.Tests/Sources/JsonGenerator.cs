using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Swan.Architecture.Tests.Sources;

/// <summary>
/// The SDK's source generator for JSON: without the code that it adds, a JsonSerializerContext has no members and nothing that uses one
/// compiles.
/// </summary>
internal static class JsonGenerator
{
    private const string FileName = "System.Text.Json.SourceGeneration.dll";

    private static readonly Lazy<ISourceGenerator[]> Generators = new(Load);

    public static CSharpCompilation AddTo(CSharpCompilation compilation, CSharpParseOptions parsing)
    {
        bool needed = compilation.SyntaxTrees.Any(tree => tree.ToString().Contains("[JsonSerializable(", StringComparison.Ordinal));
        if (!needed) return compilation;
        CSharpGeneratorDriver.Create(Generators.Value, parseOptions: parsing)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation generated, out _);
        return (CSharpCompilation)generated;
    }

    private static ISourceGenerator[] Load()
    {
        // dotnet/shared/Microsoft.NETCore.App/VERSION/System.Private.CoreLib.dll → dotnet/packs
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        string packs = Path.Combine(root, "packs", "Microsoft.NETCore.App.Ref");
        string file = Directory.EnumerateFiles(packs, FileName, SearchOption.AllDirectories).OrderDescending(StringComparer.Ordinal)
            .FirstOrDefault()
            ?? throw new FileNotFoundException($"There is no '{FileName}' under '{packs}'. Install the SDK of global.json.");
        return [.. Assembly.LoadFrom(file).GetTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IIncrementalGenerator)))
            .Select(type => ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator())];
    }
}
