namespace Swan.MLNet.Search;

public abstract partial class SwanGallery
{
    /// <summary>Finds near-duplicates: all pairs of rows with a minimum score, and groups with one row each to keep.</summary>
    /// <param name="options">The lowest score and limits. Null: the defaults.</param>
    /// <param name="progress">Receives the number of rows compared with all others, from several threads.</param>
    /// <param name="cancellationToken">Cancels the search within milliseconds.</param>
    /// <remarks>
    /// The search is exact: it compares every row with every other, so twice the rows take four times as long. Every other row of a group
    /// is a near-duplicate of the group's lowest row. Rows are taken in order; one that fits several groups joins the first.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">An option is not valid.</exception>
    /// <exception cref="Metadata.SwanFilterException">The filter doesn't match the columns.</exception>
    /// <exception cref="InvalidOperationException">There are more pairs than <see cref="SwanDuplicateOptions.MaxPairs"/>.</exception>
    /// <exception cref="SwanFormatException">A file of the index is damaged; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public SwanDuplicates FindDuplicates(
        SwanDuplicateOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        SwanDuplicateOptions asked = options?.Copy() ?? new SwanDuplicateOptions();
        asked.Check();
        cancellationToken.ThrowIfCancellationRequested();
        GalleryView view = Enter();
        try
        {
            RowMask? mask = view.Asked(asked.Filter, cancellationToken);
            if (mask?.Count == 0) return new SwanDuplicates([], []);
            var scan = new PairScan(view.Search.Scanned, mask, asked.MinimumScore, asked.MaxPairs, progress);
            List<(int First, int Second, float Score)> pairs = scan.Run(asked.Threads, cancellationToken);
            var named = new SwanDuplicatePair[pairs.Count];
            for (int i = 0; i < named.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                (int first, int second, float score) = pairs[i];
                named[i] = new SwanDuplicatePair(view.KeyOf(first), first, view.KeyOf(second), second, score);
            }
            return new SwanDuplicates(named, Groups(view, pairs, cancellationToken));
        }
        finally
        {
            Leave(view);
        }
    }

    // Pairs come by their first row, so a row that is not taken yet leads those of its pairs that are not taken.
    private static List<SwanDuplicateGroup> Groups(
        GalleryView view, List<(int First, int Second, float Score)> pairs, CancellationToken cancellation)
    {
        var groups = new List<SwanDuplicateGroup>();
        var taken = new HashSet<int>();
        for (int i = 0; i < pairs.Count;)
        {
            cancellation.ThrowIfCancellationRequested();
            int first = pairs[i].First;
            var others = new List<SwanHit>();
            bool leads = !taken.Contains(first);
            for (; i < pairs.Count && pairs[i].First == first; i++)
            {
                if (leads && taken.Add(pairs[i].Second))
                    others.Add(new SwanHit(view.KeyOf(pairs[i].Second), pairs[i].Second, pairs[i].Score));
            }
            if (others.Count > 0) groups.Add(new SwanDuplicateGroup(new SwanHit(view.KeyOf(first), first, 1), others));
        }
        return groups;
    }
}
