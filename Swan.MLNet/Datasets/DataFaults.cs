using System.Text.Json;

namespace Swan.MLNet.Datasets;

/// <summary>Collects what is wrong while a reader goes on, and checks what all layouts share.</summary>
/// <param name="skipMissing">Whether an image that is not there is left out and counted. Default false: it is a fault.</param>
internal sealed class DataFaults(bool skipMissing = false)
{
    private readonly List<DataFault> _faults = [];
    private int _missing;
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NearNames> _near = new(StringComparer.Ordinal);

    public void Add(string file, int line, string problem) => _faults.Add(new DataFault(file, line, problem));

    /// <summary>Checks an entry and makes it an image, or null when something is wrong with it.</summary>
    public CaptionedImage? Image(string file, int line, string? name, string? scene, IReadOnlyList<string?> captions, string imageFolder)
    {
        int before = _faults.Count;
        bool missing = false;
        if (string.IsNullOrWhiteSpace(name))
        {
            Add(file, line, "the image has no name.");
            return null;
        }

        string path = Path.Combine(imageFolder, name);
        if (name.Contains('\uFFFD', StringComparison.Ordinal))
        {
            Add(file, line,
                $"the image name '{name}' has a character that was cut or could not be read (U+FFFD), so no file was looked for. "
                + "Give the whole name.");
        }
        else if (FilePath.WhyNotWithin(name) is { } outside)
        {
            Add(file, line,
                $"the image name '{name}' leads out of the image folder '{imageFolder}' ({outside}), so it was not looked at. "
                + "Names are relative to that folder.");
        }
        else if (!File.Exists(path))
        {
            if (skipMissing) missing = true;
            else
            {
                string? why = FilePath.WhyMissing(name) ?? NearNamesOf(imageFolder).Describe(name);
                Add(file, line, $"the image '{name}' is not in '{imageFolder}'{(why is null ? "." : $": {why}")}");
            }
        }
        if (captions.Count == 0) Add(file, line, $"the image '{name}' has no captions.");
        else if (captions.Any(c => c is null)) Add(file, line, $"a caption of '{name}' is not text.");
        else if (captions.Any(string.IsNullOrWhiteSpace))
            Add(file, line, $"a caption of '{name}' is empty: no image can be found by it. Leave it out, or write what the image shows.");
        if (!_seen.TryAdd(name, $"{file}({line})"))
        {
            Add(file, line,
                $"the image '{name}' was already given at {_seen[name]}. Give each image once, with all its captions together.");
        }
        if (missing) _missing++;
        return missing || _faults.Count > before
            ? null
            : new CaptionedImage(path, name, string.IsNullOrEmpty(scene) ? CaptionedImage.SceneOf(name) : scene, captions!);
    }

    /// <summary>Ends a reader's work.</summary>
    public CaptionedImageSet Finish(
        string file, List<CaptionedImage> images, string name, IReadOnlyDictionary<string, int>? otherSplits = null)
    {
        if (images.Count == 0 && _faults.Count == 0)
            Add(file, 0, _missing == 0 ? "it has no images." : $"none of the {_missing} images that it names exists.");
        ThrowIfAny();
        return new CaptionedImageSet(images, name) { MissingImages = _missing, OtherSplits = otherSplits ?? new Dictionary<string, int>() };
    }

    /// <summary>
    /// A text file's lines (UTF-8, with a byte order mark or not, any line ends), without blank ones at its end; a line that isn't UTF-8 is
    /// a fault.
    /// </summary>
    public string[] Lines(string file)
    {
        string[] lines = Open(file, () => File.ReadAllLines(file));
        int count = lines.Length;
        while (count > 0 && string.IsNullOrWhiteSpace(lines[count - 1])) count--;
        for (int i = 0; i < count; i++)
        {
            if (lines[i].Contains('\uFFFD', StringComparison.Ordinal)) Add(file, i + 1, "it is not valid UTF-8. Save the file as UTF-8.");
        }

        return lines[..count];
    }

    private NearNames NearNamesOf(string folder) =>
        _near.TryGetValue(folder, out NearNames? near) ? near : _near[folder] = new NearNames(folder);

    /// <summary>Ends a reader's work early.</summary>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0) throw new SwanDataException(_faults);
    }

    /// <summary>What is wrong with JSON, without the serializer's own line numbers and type names.</summary>
    public static string Describe(JsonException e)
    {
        string problem = e.Path is { Length: > 1 } && e.Message.Contains("could not be converted", StringComparison.Ordinal)
            ? $"{e.Path[2..]} has the wrong type"
            : e.Message;
        // A comma before the end, of which the reader says what its own options could do.
        if (problem.StartsWith("The JSON", StringComparison.Ordinal) && problem.Contains("trailing comma", StringComparison.Ordinal))
            return "there is a comma after the last entry; remove it.";
        int end = problem.IndexOf(" Path: ", StringComparison.Ordinal) is var path and >= 0
            ? path
            : problem.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return (end < 0 ? problem : problem[..end]).TrimEnd('.', ' ', '|') + ".";
    }

    /// <summary>Runs a reader's opening of a file; a file that can't be read is a fault of its own.</summary>
    public static T Open<T>(string file, Func<T> open)
    {
        try
        {
            FilePath.ThrowIfNotText(file);
            return open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SwanDataException([new DataFault(file, 0, $"it can't be read: {e.Message}")]);
        }
    }
}
