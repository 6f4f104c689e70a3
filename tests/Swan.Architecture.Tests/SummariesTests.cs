using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Swan.Architecture.Tests.Sources;

namespace Swan.Architecture.Tests;

/// <summary>An editor shows two lines of a summary, so it is one short sentence; the rest is in the remarks.</summary>
public sealed class SummariesTests
{
    private const int MaxWords = 25;

    private static readonly string[] s_abbreviations = ["e.g.", "i.e.", "al.", "etc.", "vs."];

    [Fact]
    public void A_public_summary_is_one_sentence_of_at_most_25_words()
    {
        IEnumerable<string> wrong =
            from file in RepositoryFiles.Sources.AsParallel().AsOrdered()
            where RepositoryFiles.Relative(file).StartsWith("Swan.", StringComparison.Ordinal)
            from member in CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file).GetRoot().DescendantNodes()
                .OfType<MemberDeclarationSyntax>()
            where IsVisible(member)
            from comment in member.GetLeadingTrivia().Select(trivia => trivia.GetStructure()).OfType<DocumentationCommentTriviaSyntax>()
            from text in Summaries(comment, member)
            let fault = Fault(text)
            where fault is not null
            let line = comment.GetLocation().GetLineSpan().StartLinePosition.Line + 1
            select $"{RepositoryFiles.Relative(file)}:{line}: '{text}' {fault} Move the rest into <remarks>.";

        Findings.AssertNone(wrong);
    }

    [Theory]
    [InlineData("Rows computed together, 1 to 4096 (default 32).", null)]
    [InlineData("Reads a file (e.g. a TIFF) of version 1.5.", null)]
    [InlineData("Rows computed together. Default 32.", "has several sentences.")]
    [InlineData("Rows (of a batch.) Default 32.", "has several sentences.")]
    [InlineData("Rows computed together", "doesn't end with a period.")]
    public void Sentences_are_told_apart(string text, string? fault) => Assert.Equal(fault, Fault(text));

    private static string? Fault(string text)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (!text.EndsWith('.')) return "doesn't end with a period.";
        if (words.SkipLast(1).Any(EndsSentence)) return "has several sentences.";
        return words.Length > MaxWords ? $"has {words.Length} words, over {MaxWords}." : null;
    }

    private static bool EndsSentence(string word) =>
        word.TrimEnd('"', ')', '”') is [.., '.' or '!' or '?'] && !s_abbreviations.Contains(word.TrimStart('('));

    // Parameters of a record are its properties, and their texts the properties' summaries.
    private static IEnumerable<string> Summaries(DocumentationCommentTriviaSyntax comment, MemberDeclarationSyntax member)
    {
        string xml = string.Join('\n', comment.ToFullString().Split('\n').Select(line => line.TrimStart().TrimStart('/')));
        return XElement.Parse($"<comment>{xml}</comment>").Elements()
            .Where(element => element.Name == "summary" || element.Name == "param" && member is RecordDeclarationSyntax)
            .Select(element => string.Join(' ', Text(element).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    // As an editor shows it: of a reference the last name.
    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { IsEmpty: true } reference => (string?)reference.Attribute("cref") is { } name
            ? name.Split('(', '{')[0].Split('.')[^1]
            : (string?)reference.Attributes().FirstOrDefault() ?? "",
        XElement element => string.Concat(element.Nodes().Select(Text)),
        _ => "",
    };

    private static bool IsVisible(MemberDeclarationSyntax member) =>
        IsOpen(member) && member.Ancestors().OfType<BaseTypeDeclarationSyntax>().All(IsOpen);

    // Members of interfaces and enumerations are public without a word.
    private static bool IsOpen(MemberDeclarationSyntax member)
    {
        SyntaxTokenList words = member.Modifiers;
        if (words.Any(SyntaxKind.PrivateKeyword)) return false;
        return words.Any(SyntaxKind.PublicKeyword) || words.Any(SyntaxKind.ProtectedKeyword) || member is EnumMemberDeclarationSyntax
            || member.Parent is InterfaceDeclarationSyntax && !words.Any(SyntaxKind.InternalKeyword);
    }
}
