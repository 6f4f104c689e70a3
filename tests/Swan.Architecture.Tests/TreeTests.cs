using Swan.Architecture.Tests.Sources;

namespace Swan.Architecture.Tests;

public sealed class TreeTests
{
    [Fact]
    public void Contributing_shows_the_folders_and_drawers_of_the_products()
    {
        HashSet<string> shown = [.. Tree().Where(path => path.StartsWith("Swan.", StringComparison.Ordinal))];
        HashSet<string> found = [.. RepositoryFiles.Sources.Select(RepositoryFiles.Relative)
            .Where(file => file.StartsWith("Swan.", StringComparison.Ordinal)).SelectMany(Folders)];

        Findings.AssertNone(found.Except(shown).Where(IsRequired).Order()
            .Select(folder => $"{folder}/ is not in the tree of CONTRIBUTING.md. Add a line.")
            .Concat(shown.Except(found)
                .Order()
                .Select(folder => $"{folder}/ is in the tree of CONTRIBUTING.md, but holds no source file.")));
    }

    // The first block of CONTRIBUTING's section: a folder a line, two columns deeper than the one that holds it.
    private static IEnumerable<string> Tree()
    {
        var open = new List<string>();
        IEnumerable<string> lines = File.ReadLines(Path.Combine(Repository.Root, "CONTRIBUTING.md"))
            .SkipWhile(line => line != "## Where things are").SkipWhile(line => line != "```").Skip(1).TakeWhile(line => line != "```");
        foreach (string line in lines.Where(line => line.Contains('/', StringComparison.Ordinal)))
        {
            string name = line.TrimStart().Split(' ')[0];
            if (!name.EndsWith('/')) continue;
            int depth = (line.Length - line.TrimStart().Length) / 2;
            open.RemoveRange(depth, open.Count - depth);
            open.Add(name.TrimEnd('/'));
            yield return string.Join('/', open);
        }
    }

    // A folder within a drawer, such as one backbone's, need not be shown, so that adding one touches no list but its table.
    private static bool IsRequired(string folder) => folder.Count(c => c == '/') <= 2;

    private static IEnumerable<string> Folders(string file)
    {
        for (int slash = file.LastIndexOf('/'); slash > 0; slash = file.LastIndexOf('/', slash - 1)) yield return file[..slash];
    }
}
