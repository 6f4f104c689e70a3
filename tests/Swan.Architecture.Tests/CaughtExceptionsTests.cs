using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Swan.Architecture.Tests.Sources;

namespace Swan.Architecture.Tests;

/// <summary>What is null is looked at, not tried.</summary>
/// <remarks>On a thread that has used tile registers a null reference ends the process: decision 46.</remarks>
public sealed class CaughtExceptionsTests
{
    [Fact]
    public void No_product_catches_null_references()
    {
        IEnumerable<string> caught =
            from file in RepositoryFiles.Sources
            where !RepositoryFiles.Relative(file).StartsWith("tests/", StringComparison.Ordinal)
            from node in CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file).GetRoot().DescendantNodes()
            where node is CatchClauseSyntax
            from name in node.DescendantNodes(inner => inner is not BlockSyntax).OfType<IdentifierNameSyntax>()
            where name.Identifier.Text == nameof(NullReferenceException)
            select $"{RepositoryFiles.Relative(file)}:{name.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: "
                + "catches a null reference. Ask whether it is null.";

        Findings.AssertNone(caught);
    }
}
