using System.Text;

namespace Swan.MLNet.Datasets;

/// <summary>Finds the file that a name in a data set probably means if no file has exactly that name.</summary>
/// <param name="folder">The image folder.</param>
internal sealed class NearNames(string folder)
{
    private readonly Dictionary<string, ILookup<string, string>> _files = new(StringComparer.Ordinal);

    /// <summary>The similar file, as the end of a sentence; null if there is none.</summary>
    public string? Describe(string name)
    {
        string slashed = name.Replace('\\', '/');
        if (slashed != name && File.Exists(Path.Combine(folder, slashed)))
            return $"'{slashed}' exists. Write / between folders.";
        string own = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) + "/";
        if (slashed.StartsWith(own, StringComparison.Ordinal) && File.Exists(Path.Combine(folder, slashed[own.Length..])))
            return $"'{slashed[own.Length..]}' exists. Names are relative to that folder.";
        string place = Path.GetDirectoryName(slashed) ?? "";
        string? near = FilesOf(place)[Key(Path.GetFileName(slashed))].FirstOrDefault()
            ?? FilesOf(place)[Key(Path.GetFileNameWithoutExtension(slashed))].FirstOrDefault();
        return near is null ? null
            : $"'{(place.Length > 0 ? $"{place.Replace('\\', '/')}/" : "")}{near}' exists. Match its case, accents and extension.";
    }

    // By whole name and by name without ending; a folder is listed once.
    private ILookup<string, string> FilesOf(string place)
    {
        if (_files.TryGetValue(place, out ILookup<string, string>? known)) return known;
        string path = Path.Combine(folder, place);
        string[] names;
        try
        {
            names = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path).Select(Path.GetFileName).OfType<string>()] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            names = []; // the missing image is reported without it
        }
        return _files[place] = names.Order(StringComparer.Ordinal)
            .SelectMany(name => new[] { Key(name), Key(Path.GetFileNameWithoutExtension(name)) }.Distinct().Select(key => (key, name)))
            .ToLookup(pair => pair.key, pair => pair.name, StringComparer.Ordinal);
    }

    // An accented letter is one character on some systems, and a letter and an accent on others.
    private static string Key(string name) => (name.IsNormalized() ? name : name.Normalize(NormalizationForm.FormC)).ToUpperInvariant();
}
