namespace Swan.Training.Evaluation;

/// <summary>Which scenes are taken for which: for each scene's queries, the scene of the first thing found.</summary>
internal sealed class SceneConfusion
{
    private readonly int[,] _counts;
    private readonly int[] _queries;

    /// <summary>Counts.</summary>
    /// <param name="queryScenes">Each query's scene; a query without one doesn't count.</param>
    /// <param name="foundScenes">
    /// For each query the scene of what was found first; null, none, is right for no query and no scene's column.
    /// </param>
    public SceneConfusion(IReadOnlyList<string?> queryScenes, IReadOnlyList<string?> foundScenes)
    {
        if (queryScenes.Count != foundScenes.Count)
        {
            throw new ArgumentException(
                $"Expected one result per query; got {queryScenes.Count} queries and {foundScenes.Count} results.",
                nameof(foundScenes));
        }
        Scenes = [.. queryScenes.Concat(foundScenes).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        Dictionary<string, int> number =
            Scenes.Select((scene, i) => (scene, i)).ToDictionary(s => s.scene, s => s.i, StringComparer.Ordinal);
        _counts = new int[Scenes.Count, Scenes.Count];
        _queries = new int[Scenes.Count];
        for (int q = 0; q < queryScenes.Count; q++)
        {
            if (queryScenes[q] is not { } scene) continue;
            _queries[number[scene]]++;
            if (foundScenes[q] is { } found) _counts[number[scene], number[found]]++;
        }
    }

    /// <summary>The scenes, by name.</summary>
    public IReadOnlyList<string> Scenes { get; }

    /// <summary>How many of a scene's queries found something of another scene (or of their own) first.</summary>
    public int Count(int scene, int found) => _counts[scene, found];

    /// <summary>The share of a scene's queries, in [0, 1]; 0 where the scene has none.</summary>
    public double Share(int scene, int found) => _queries[scene] == 0 ? 0 : (double)_counts[scene, found] / _queries[scene];

    /// <summary>The share of all queries that found their own scene, in [0, 1].</summary>
    public double Right => (double)Enumerable.Range(0, Scenes.Count).Sum(s => _counts[s, s]) / Math.Max(1, _queries.Sum());

    /// <summary>
    /// The most frequent confusions, by share of their scene's queries; equal ones by name. Those that never happened are left out.
    /// </summary>
    public IReadOnlyList<(string Scene, string Found, double Share, int Count)> MostFrequent(int most) =>
        [.. (from scene in Enumerable.Range(0, Scenes.Count)
            from found in Enumerable.Range(0, Scenes.Count)
            where scene != found && _counts[scene, found] > 0
            orderby Share(scene, found) descending, scene, found
            select (Scenes[scene], Scenes[found], Share(scene, found), _counts[scene, found])).Take(most)];
}
