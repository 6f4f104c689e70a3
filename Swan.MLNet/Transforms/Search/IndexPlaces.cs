namespace Swan.MLNet.Transforms;

/// <summary>Where the living indexes of one pipeline are while it is loaded. Not thread-safe.</summary>
/// <param name="only">See <see cref="SwanLoadOptions.IndexFolder"/>.</param>
/// <param name="named">See <see cref="SwanLoadOptions.IndexFolders"/>.</param>
internal sealed class IndexPlaces(string? only, IReadOnlyDictionary<string, string>? named)
{
    private readonly Dictionary<string, string> _named = (named ?? new Dictionary<string, string>()).ToDictionary(
        place => Path.TrimEndingDirectorySeparator(place.Key), place => place.Value, StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private string? _moved;

    /// <summary>The fault if a folder is named that the pipeline doesn't refer to; null if none is.</summary>
    public SwanOptionsException? Unused => _named.Keys.FirstOrDefault(folder => !_seen.Contains(folder)) is { } unused
        ? new SwanOptionsException(
            $"{nameof(SwanLoadOptions.IndexFolders)} names '{unused}', but no search of the pipeline refers to a living index there. "
            + (_seen.Count == 0
                ? "It refers to none: its galleries were saved with it. Leave the option out."
                : $"It refers to {string.Join(", ", _seen.Select(folder => $"'{folder}'"))}: name the folder as it was saved."))
        : null;

    /// <summary>Where an index is.</summary>
    /// <param name="saved">Where it was.</param>
    /// <exception cref="SwanOptionsException">One folder is also given for another index.</exception>
    public string Of(string saved)
    {
        saved = Path.TrimEndingDirectorySeparator(saved);
        _seen.Add(saved);
        if (_named.TryGetValue(saved, out string? there)) return there;
        if (only is null) return saved;
        if (_moved is null || _moved == saved)
        {
            _moved = saved;
            return only;
        }
        throw new SwanOptionsException(
            $"{nameof(SwanLoadOptions.IndexFolder)} is '{only}', but the pipeline searches two living indexes, of '{_moved}' and of "
            + $"'{saved}': both would be searched in one folder. Give each its own with {nameof(SwanLoadOptions.IndexFolders)}, keyed "
            + "by the saved folders.");
    }
}
