#:property PublishAot=false

// Lays out the site's pages for docfx: the repository's Markdown, whose links lead to other pages or to the repository's address, and
// tables of contents. docs/guide/a.md becomes guide/a.md, Swan.Geo/README.md api/Swan.Geo/index.md. For build/site.

using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

if (args is not [string stage, string address, .. string[] { Length: > 0 } packages])
{
    Console.Error.WriteLine("""
        Usage: dotnet run -c Release build/site-pages.cs -- STAGE ADDRESS PACKAGE…
          STAGE    receives the pages; its folder api/ holds what 'docfx metadata' made
          ADDRESS  of the repository, such as https://example.org/swan; if it is empty, links to what is no page become text
        """);
    return 2;
}

string[] folders = [".", "models", "build/recipe/descriptions", "tests/Swan.Benchmarks", .. Directory.GetDirectories("samples"),
    .. Directory.GetDirectories(".", "Swan.*")];
Dictionary<string, string> titles = folders.SelectMany(folder => Directory.GetFiles(folder, "*.md"))
    .Concat(Directory.GetFiles("docs", "*.md", SearchOption.AllDirectories))
    .Select(file => Slashes(Path.GetRelativePath(".", file))).Order(StringComparer.Ordinal)
    .ToDictionary(file => file, file => File.ReadLines(file).First(line => line.StartsWith("# ", StringComparison.Ordinal))[2..].Trim());
string[] listed = ["docs/decisions", "docs/results"]; // have no README.md
// With an optional sign of images before it, .NET's search that doesn't backtrack misses links.
var links = new Regex(@"\[(?<text>[^\[\]]*)\]\((?<target>[^()\s]+)\)", RegexOptions.NonBacktracking);
var schemes = new Regex("^[a-z]+:", RegexOptions.NonBacktracking);

foreach (string page in titles.Keys)
{
    IEnumerable<(string Text, bool IsCode)> blocks = Blocks(File.ReadAllText(page));
    Write(Place(page), string.Concat(blocks.Select(block =>
        block.IsCode ? block.Text : links.Replace(block.Text, link => Rewritten(page, link, IsImage(block.Text, link))))));
}
foreach (string folder in listed)
{
    string[] pages = [.. titles.Keys.Where(page => Folder(page) == folder)];
    Write(Place(folder + "/toc.yml"), Entries(pages, folder));
    string name = Path.GetFileName(folder);
    Write(Place(folder + "/README.md"), $"# {char.ToUpperInvariant(name[0])}{name[1..]}\n\n"
        + string.Concat(pages.Select(page => $"- [{titles[page]}]({Path.GetFileName(page)})\n")));
}
const string Specifications = "docs/spec/README.md", Guides = "docs/guide/README.md";
Write("spec/toc.yml", Entries(Targets(Specifications, File.ReadAllText(Specifications)).Where(page => Folder(page) == "docs/spec"),
    "docs/spec"));
Write("guide/toc.yml", Guide());
Write("api/toc.yml", Api());
Write("api/index.md", "# API\n" + string.Concat(packages.Select(package =>
    $"\n**[{package}]({package}/index.md)**: {Description($"{package}/{package}.csproj")}\n")));
return 0;

static bool IsImage(string text, Match link) => link.Index > 0 && text[link.Index - 1] == '!';

string Rewritten(string page, Match link, bool isImage)
{
    string target = link.Groups["target"].Value, text = link.Groups["text"].Value;
    if (schemes.IsMatch(target) || target[0] == '#') return link.Value;
    string[] parts = target.Split('#', 2);
    string file = Slashes(Path.GetRelativePath(".", Path.Combine(Folder(page), Uri.UnescapeDataString(parts[0]))));
    bool isFolder = Directory.Exists(file);
    string opened = isFolder ? file + "/README.md" : file;
    if (isImage)
    {
        Directory.CreateDirectory(Path.Combine(stage, Folder(Place(file))));
        File.Copy(file, Path.Combine(stage, Place(file)), overwrite: true);
    }
    if (isImage || titles.ContainsKey(opened) || listed.Contains(file))
    {
        string place = Slashes(Path.GetRelativePath(Path.Combine(".", Folder(Place(page))), Place(opened)));
        return $"[{text}]({place}{(parts.Length > 1 ? "#" + parts[1] : "")})";
    }
    return address.Length > 0 ? $"[{text}]({address}/{(isFolder ? "tree" : "blob")}/HEAD/{file})" : text;
}

// As the table of the guides names them, then what it doesn't name.
string Guide()
{
    var sections = new List<(string Name, List<string> Pages)>();
    foreach (string line in File.ReadLines(Guides).Where(line => line.StartsWith('|')))
    {
        if (line.StartsWith("| **", StringComparison.Ordinal)) sections.Add((line.Split("**")[1], []));
        else if (sections.Count > 0) sections[^1].Pages.AddRange(Targets(Guides, line));
    }
    string[] elsewhere = ["docs/spec", .. listed];
    HashSet<string> named = [.. sections.SelectMany(section => section.Pages), "README.md", "CHANGELOG.md", Guides];
    ILookup<bool, string> others = titles.Keys
        .Where(page => !named.Contains(page) && !elsewhere.Contains(Folder(page)) && !packages.Contains(Folder(page)))
        .ToLookup(page => page.StartsWith("samples/", StringComparison.Ordinal));
    sections.Add(("Samples", [.. others[true]]));
    sections.Add(("More", [.. others[false]]));
    return string.Concat(sections.Select(section => $"- name: {section.Name}\n  expanded: true\n  items:\n"
        + Entries(section.Pages.Where(page => !elsewhere.Contains(Folder(page))), "docs/guide", "  ")));
}

// docfx lists types by namespace; here are packages above. Some namespaces belong to several.
string Api()
{
    var types = new List<(string Package, string Namespace, string Text)>();
    string[] lines = File.ReadAllLines(Path.Combine(stage, "api", "toc.yml"));
    string space = "";
    for (int i = 0; i < lines.Length; i++)
    {
        if (lines[i].StartsWith("- uid: ", StringComparison.Ordinal)) space = lines[i][7..];
        if (!lines[i].StartsWith("  - uid: ", StringComparison.Ordinal)) continue;
        string type = lines[i][9..];
        string package = File.ReadLines(Path.Combine(stage, "api", type.Replace('`', '-') + ".yml"))
            .SkipWhile(line => line != "  assemblies:").ElementAt(1)[4..];
        types.Add((package, space, $"      - uid: {type}\n    {lines[i + 1]}\n    {lines[i + 2]}\n"));
    }
    return string.Concat(packages.Select(package => $"- name: {package}\n  href: {package}/index.md\n  items:\n"
        + string.Concat(types.Where(type => type.Package == package).GroupBy(type => type.Namespace).Select(group =>
            $"  - uid: {group.Key}\n    name: {group.Key}\n    type: Namespace\n    items:\n"
            + string.Concat(group.Select(type => type.Text))))));
}

static string Description(string project) => XDocument.Load(project).Descendants("Description").Single().Value;

string Entries(IEnumerable<string> pages, string folder, string indent = "") => string.Concat(pages.Select(page =>
    $"{indent}- name: {JsonSerializer.Serialize(titles[page].Replace("`", ""), JsonSerializerOptions.Web)}\n"
    + $"{indent}  href: {Slashes(Path.GetRelativePath(Place(folder), Place(page)))}\n"));

IEnumerable<string> Targets(string page, string text) => links.Matches(text)
    .Select(link => Slashes(Path.GetRelativePath(".", Path.Combine(Folder(page), link.Groups["target"].Value.Split('#')[0]))))
    .Where(titles.ContainsKey).Distinct();

// Fenced code and what is between it, line breaks included.
static IEnumerable<(string Text, bool IsCode)> Blocks(string text)
{
    bool isCode = false;
    var block = new StringBuilder();
    foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
    {
        bool isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
        if (isFence && !isCode)
        {
            yield return (block.ToString(), isCode);
            block.Clear();
        }
        // Without a name of a language, the page's script would guess one.
        bool isNameless = isFence && !isCode && line.EndsWith("```", StringComparison.Ordinal);
        block.Append(line).Append(isNameless ? "text\n" : "\n");
        if (isFence && isCode)
        {
            yield return (block.ToString(), isCode);
            block.Clear();
        }
        isCode ^= isFence;
    }
    yield return (block.ToString(), isCode);
}

// A folder's index.html is its README.md; docs/spec/index.md is about indexes.
string Place(string file)
{
    if (file == "docs/spec/index.md") return "spec/index-formats.md";
    string place = file.StartsWith("docs/", StringComparison.Ordinal) ? file[5..] : packages.Contains(Folder(file)) ? "api/" + file : file;
    return place.Replace("README.md", "index.md");
}

void Write(string place, string text)
{
    string file = Path.Combine(stage, place);
    Directory.CreateDirectory(Path.GetDirectoryName(file)!);
    File.WriteAllText(file, text);
}

static string Folder(string file) => Slashes(Path.GetDirectoryName(file)!);

static string Slashes(string path) => path.Replace('\\', '/');
