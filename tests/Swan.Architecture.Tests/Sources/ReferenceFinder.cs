using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Swan.Architecture.Tests.Sources;

/// <summary>Finds what every file of a project uses of its other files.</summary>
/// <remarks>Documentation comments may name anything: a lower layer may say who uses it.</remarks>
internal static class ReferenceFinder
{
    public static IReadOnlyList<Reference> Find(SourceProject project)
    {
        HashSet<string> sources = [.. project.SourceFiles];
        return [.. project.Compilation.SyntaxTrees.Where(tree => sources.Contains(tree.FilePath)).AsParallel().AsOrdered()
            .SelectMany(tree => FindIn(tree, project.Compilation.GetSemanticModel(tree), sources))];
    }

    private static IEnumerable<Reference> FindIn(SyntaxTree tree, SemanticModel model, HashSet<string> sources) =>
        from node in tree.GetRoot().DescendantNodes()
        where node is SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax
        let used = Declared(model.GetSymbolInfo(node).Symbol)
        where used is not null
        let file = used.DeclaringSyntaxReferences[0].SyntaxTree.FilePath
        where file != tree.FilePath && sources.Contains(file)
        select new Reference(
            UserOf(node), tree.FilePath, tree.GetLineSpan(node.Span).StartLinePosition.Line + 1, OutermostType(used), file);

    // What is written in a source file: a member that the compiler adds is its type's.
    private static ISymbol? Declared(ISymbol? symbol)
    {
        symbol = symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension : symbol;
        symbol = symbol?.OriginalDefinition;
        if (symbol is not (INamedTypeSymbol or IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol)) return null;
        // The elements of a tuple are declared wherever somebody named them.
        if (symbol.ContainingType is { IsTupleType: true }) return null;
        while (symbol is { DeclaringSyntaxReferences.IsEmpty: true }) symbol = symbol.ContainingType;
        return symbol;
    }

    private static string OutermostType(ISymbol symbol)
    {
        INamedTypeSymbol type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        while (type.ContainingType is { } outer) type = outer;
        return type.Name;
    }

    private static string UserOf(SyntaxNode node) =>
        node.Ancestors().OfType<BaseTypeDeclarationSyntax>().LastOrDefault()?.Identifier.Text
        ?? Path.GetFileNameWithoutExtension(node.SyntaxTree.FilePath);
}
