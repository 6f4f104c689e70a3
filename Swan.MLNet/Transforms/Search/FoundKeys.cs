using Swan.MLNet.Search;

namespace Swan.MLNet.Transforms;

/// <summary>The results of queries, with keys of the state that found them. Used again; grows to what a batch needs.</summary>
internal sealed class FoundKeys : IFoundRows
{
    private GalleryView? _view;
    private int _most;
    private int[] _counts = [];

    /// <summary>Result i of query q is at the q's first place + i; see <see cref="Place"/>.</summary>
    public string[] Keys { get; private set; } = [];

    /// <summary>In the same places.</summary>
    public float[] Scores { get; private set; } = [];

    /// <summary>Makes room.</summary>
    /// <param name="view">The state that is searched; its user stays so until <see cref="End"/>.</param>
    /// <param name="queries">How many.</param>
    /// <param name="k">Results of each, at most.</param>
    public void Begin(GalleryView view, int queries, int k)
    {
        _view = view;
        _most = Math.Min(k, view.Search.Scanned.Count);
        int places = checked(queries * _most);
        if (Keys.Length < places) (Keys, Scores) = (new string[places], new float[places]);
        if (_counts.Length < queries) _counts = new int[queries];
    }

    /// <summary>Holds the state no longer.</summary>
    public void End() => _view = null;

    public void Found(int query, ReadOnlySpan<(float Score, int Row)> best)
    {
        _counts[query] = best.Length;
        for (int i = 0; i < best.Length; i++)
            (Keys[query * _most + i], Scores[query * _most + i]) = (_view!.KeyOf(best[i].Row), best[i].Score);
    }

    /// <summary>Where a query's results are.</summary>
    public (int First, int Count) Place(int query) => (query * _most, _counts[query]);
}
