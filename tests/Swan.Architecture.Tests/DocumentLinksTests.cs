using System.Text.RegularExpressions;
using Swan.Architecture.Tests.Sources;

namespace Swan.Architecture.Tests;

public sealed partial class DocumentLinksTests
{
    [Fact]
    public void A_relative_link_of_a_document_leads_to_a_file_or_folder() => Findings.AssertNone(
        RepositoryFiles.Documents.SelectMany(document => Links(document)
            .Where(link => Target(document, link) is var target && !File.Exists(target) && !Directory.Exists(target))
            .Select(link => $"{RepositoryFiles.Relative(document)} links to '{link}', which is not there.")));

    [Fact]
    public void A_link_to_a_section_names_a_heading_of_its_document() => Findings.AssertNone(
        RepositoryFiles.Documents.SelectMany(document => Links(document)
            .Where(link => link.Contains('#', StringComparison.Ordinal) && Target(document, link) is var target
                && target.EndsWith(".md", StringComparison.Ordinal) && File.Exists(target)
                && !Headings(target).Contains(link.Split('#')[1]))
            .Select(link => $"{RepositoryFiles.Relative(document)} links to '{link}', but no heading has that anchor.")));

    private static IEnumerable<string> Links(string document) =>
        Link().Matches(string.Join('\n', Prose(document))).Select(match => match.Groups["target"].Value)
            .Where(target => !Scheme().IsMatch(target));

    private static string Target(string document, string link) => link.Split('#')[0] is { Length: > 0 } path
        ? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(document)!, Uri.UnescapeDataString(path)))
        : document;

    // As GitHub makes anchors: in lower case, without punctuation, blanks as hyphens.
    private static HashSet<string> Headings(string document) =>
        [.. Prose(document).Where(line => line.StartsWith('#'))
            .Select(line => Punctuation().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    private static IEnumerable<string> Prose(string document)
    {
        bool code = false;
        foreach (string line in File.ReadLines(document))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal)) code = !code;
            else if (!code) yield return line;
        }
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
