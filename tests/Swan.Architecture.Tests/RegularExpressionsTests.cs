using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Swan.Architecture.Tests.Sources;

namespace Swan.Architecture.Tests;

/// <summary>A regular expression takes time that grows with the text and no faster, whatever the text is.</summary>
/// <remarks>
/// Either it doesn't backtrack, or it has no loop without a bound: from each place in the text it then looks at a bounded number of
/// characters. Anything else has to be shown to be linear, and a time limit would be an error that depends on the machine.
/// </remarks>
public sealed class RegularExpressionsTests
{
    [Fact]
    public void No_pattern_in_a_product_can_backtrack_without_bound()
    {
        IEnumerable<string> unbounded =
            from file in RepositoryFiles.Sources
            where !RepositoryFiles.Relative(file).StartsWith("tests/", StringComparison.Ordinal)
            from use in Uses(CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file))
            let fault = Fault(use.Pattern, use.Options, use.HasLimit)
            where fault is not null
            select $"{RepositoryFiles.Relative(file)}:{use.Line}: {fault}. Give it RegexOptions.NonBacktracking or a time limit, or "
                + "write it by hand.";

        Findings.AssertNone(unbounded);
    }

    [Theory]
    [InlineData("a*", true)]
    [InlineData("(ab)+c", true)]
    [InlineData("[*]{2,}", true)]
    [InlineData("""x]*$""", true)]
    [InlineData("""[]*]a""", false)]
    [InlineData("""[\])}*+"']a""", false)]
    [InlineData("""[^]+]a""", false)]
    [InlineData("""\*\+a{2}b{1,3}""", false)]
    [InlineData("""(?=a)\bcan(?!not)""", false)]
    public void A_loop_without_a_bound_is_recognized(string pattern, bool expected) => Assert.Equal(expected, HasUnboundedLoop(pattern));

    private static string? Fault(string? pattern, string options, bool hasLimit) =>
        hasLimit || options.Contains("NonBacktracking", StringComparison.Ordinal) ? null
        : pattern is null ? "a pattern that is no literal"
        : HasUnboundedLoop(pattern) ? $"'{pattern}' has a loop without a bound"
        : null;

    private static bool HasUnboundedLoop(string pattern)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    i++;
                    if (pattern[i] == '^') i++;
                    // A bracket that closes is a member where it comes first.
                    for (i += pattern[i] == '\\' ? 2 : 1; pattern[i] != ']'; i++) i += pattern[i] == '\\' ? 1 : 0;
                    break;
                case '*' or '+':
                    return true;
                case '{' when pattern.IndexOf('}', i) is var end and > 0 && pattern[end - 1] == ',':
                    return true;
            }
        }
        return false;
    }

    private static IEnumerable<(string? Pattern, string Options, bool HasLimit, int Line)> Uses(SyntaxTree tree)
    {
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
        {
            (int at, IEnumerable<ExpressionSyntax> arguments) = node switch
            {
                AttributeSyntax { Name: var name } attribute when Named(name, "GeneratedRegex") =>
                    (0, attribute.ArgumentList!.Arguments.Select(a => a.Expression)),
                ObjectCreationExpressionSyntax { Type: var type } made when Named(type, "Regex") =>
                    (0, made.ArgumentList!.Arguments.Select(a => a.Expression)),
                ImplicitObjectCreationExpressionSyntax made when DeclaresRegex(made) =>
                    (0, made.ArgumentList.Arguments.Select(a => a.Expression)),
                InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax called } call
                    when Named(called.Expression, "Regex") && called.Name.Identifier.Text is not ("Escape" or "Unescape") =>
                    (1, call.ArgumentList.Arguments.Select(a => a.Expression)),
                _ => (-1, []),
            };
            if (at < 0) continue;
            ExpressionSyntax[] given = [.. arguments];
            // Of the constructor's three arguments the last is the limit.
            yield return ((given[at] as LiteralExpressionSyntax)?.Token.ValueText, string.Concat(given.Skip(at + 1)),
                node is BaseObjectCreationExpressionSyntax && given.Length == 3,
                tree.GetLineSpan(node.Span).StartLinePosition.Line + 1);
        }
    }

    private static bool Named(SyntaxNode name, string expected) => name.ToString().Split('.')[^1] == expected;

    // Regex pattern = new("…"), as a variable, field or property.
    private static bool DeclaresRegex(SyntaxNode made) =>
        made.Ancestors().FirstOrDefault(a => a is VariableDeclarationSyntax or PropertyDeclarationSyntax) switch
        {
            VariableDeclarationSyntax variable => Named(variable.Type, "Regex"),
            PropertyDeclarationSyntax property => Named(property.Type, "Regex"),
            _ => false,
        };
}
