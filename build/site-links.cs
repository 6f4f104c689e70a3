#:property PublishAot=false

// Checks a site's links: each relative one leads to a file, and to a place in it that is there. Prints those that don't. For build/site.

using System.Net;
using System.Text.RegularExpressions;

if (args is not [string root])
{
    Console.Error.WriteLine("Usage: dotnet run -c Release build/site-links.cs -- FOLDER");
    return 2;
}
root = Path.GetFullPath(root);
// What docfx writes: attributes in double quotes, and tables of contents that its script reads.
var links = new Regex("""(?:\s(?:href|src)=|"href":)"(?<target>[^"]*)["]""", RegexOptions.NonBacktracking);
var places = new Regex("""\s(?:id|name)="(?<name>[^"]*)["]""", RegexOptions.NonBacktracking);
var outside = new Regex("^([a-z]+:|//)", RegexOptions.NonBacktracking);
var named = new Dictionary<string, HashSet<string>>();
int count = 0, broken = 0;
foreach (string file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
    .Where(file => file.EndsWith(".html", StringComparison.Ordinal) || Path.GetFileName(file) == "toc.json"))
{
    foreach (string link in links.Matches(File.ReadAllText(file)).Select(m => WebUtility.HtmlDecode(m.Groups["target"].Value)).Distinct())
    {
        if (outside.IsMatch(link)) continue;
        count++;
        if (Fault(file, link) is not { } fault) continue;
        broken++;
        Console.WriteLine($"{Path.GetRelativePath(root, file)} links to '{link}': {fault}.");
    }
}
Console.WriteLine($"{count} links within the site, {broken} broken.");
return broken == 0 && count > 0 ? 0 : 1;

string? Fault(string file, string link)
{
    string[] parts = link.Split('#', 2);
    string path = Uri.UnescapeDataString(parts[0].Split('?')[0]);
    string folder = path.StartsWith('/') ? root : Path.GetDirectoryName(file)!;
    string target = path.Length == 0 ? file : Path.GetFullPath(Path.Combine(folder, path.TrimStart('/')));
    if (target != root && !target.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return "is outside the site";
    if (Directory.Exists(target)) target = Path.Combine(target, "index.html");
    if (!File.Exists(target)) return "there is no such file";
    if (parts.Length == 1 || parts[1].Length == 0 || !target.EndsWith(".html", StringComparison.Ordinal)) return null;
    if (!named.TryGetValue(target, out HashSet<string>? names))
    {
        names = [.. places.Matches(File.ReadAllText(target)).Select(m => WebUtility.HtmlDecode(m.Groups["name"].Value))];
        named.Add(target, names);
    }
    return names.Contains(Uri.UnescapeDataString(parts[1])) ? null : "there is no such place on the page";
}
