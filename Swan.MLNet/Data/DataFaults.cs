namespace Swan.MLNet.Data;

/// <summary>Collects what is wrong while a reader goes on, and checks what all layouts share.</summary>
internal sealed class DataFaults
{
    private readonly List<DataFault> _faults = [];
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);

    public void Add(string file, int line, string problem) => _faults.Add(new DataFault(file, line, problem));

    /// <summary>Checks an entry and makes it an image, or null when something is wrong with it.</summary>
    public CaptionedImage? Image(string file, int line, string? name, string? scene, IReadOnlyList<string?> captions, string imageFolder)
    {
        int before = _faults.Count;
        if (string.IsNullOrWhiteSpace(name))
        {
            Add(file, line, "the image has no name.");
            return null;
        }

        string path = Path.Combine(imageFolder, name);
        if (Path.IsPathRooted(name) || name.Split('/', '\\').Contains("..")) Add(file, line, $"the image name '{name}' leads out of the image folder.");
        else if (!File.Exists(path)) Add(file, line, $"the image '{name}' is not in '{imageFolder}'.");
        if (captions.Count == 0) Add(file, line, $"the image '{name}' has no captions.");
        else if (captions.Any(c => c is null)) Add(file, line, $"a caption of '{name}' is not text.");
        if (!_seen.TryAdd(name, $"{file}({line})")) Add(file, line, $"the image '{name}' was already given at {_seen[name]}.");
        return _faults.Count > before ? null : new CaptionedImage(path, name, string.IsNullOrEmpty(scene) ? CaptionedImage.SceneOf(name) : scene, captions!);
    }

    public void ThrowIfAny()
    {
        if (_faults.Count > 0) throw new SwanDataException(_faults);
    }

    /// <summary>Runs a reader's opening of a file; a file that can't be read is a fault of its own.</summary>
    public static T Open<T>(string file, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SwanDataException([new DataFault(file, 0, $"it can't be read: {e.Message}")]);
        }
    }
}
