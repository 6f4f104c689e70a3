using Swan.MLNet.Text;

namespace Swan.MLNet.Encoders;

/// <summary>Divides captions into runs of like length, bounded by the tokens that they have after padding.</summary>
/// <remarks>A run's memory grows with its tokens, and a run is as long as its longest caption, so a limit on rows is not enough.</remarks>
internal static class CaptionRuns
{
    // A run reads all weights once: with fewer tokens that is what takes its time.
    private const int FewTokens = 128;

    // Captions of like length have about an eighth more tokens once they are padded.
    private const int Padding = 8;

    /// <summary>Divides captions.</summary>
    /// <param name="captions">Each with at least one id.</param>
    /// <param name="mostRows">The most captions in a run, at least 1.</param>
    /// <param name="mostTokens">The most captions times the longest of them. A caption that alone has more is a run of its own.</param>
    /// <param name="atOnce">Runs at a time: captions that would fit into fewer are divided, but not into runs of few tokens.</param>
    /// <returns>
    /// The captions' places, run by run: one run in the given order where all fit, else shorter captions first. Equal captions keep their
    /// order.
    /// </returns>
    public static List<int[]> Divide(IReadOnlyList<TokenizedCaption> captions, int mostRows, int mostTokens, int atOnce = 1)
    {
        int[] order = [.. Enumerable.Range(0, captions.Count)];
        if (order.Length == 0) return [];
        if (atOnce > 1)
        {
            long share = (captions.Sum(c => (long)c.Ids.Length) + atOnce - 1) / atOnce;
            mostTokens = (int)Math.Min(mostTokens, Math.Max(FewTokens, share + share / Padding));
        }
        if (order.Length <= mostRows && (long)order.Length * captions.Max(c => c.Ids.Length) <= mostTokens) return [order];
        order = [.. order.OrderBy(i => captions[i].Ids.Length)];
        var runs = new List<int[]>();
        for (int start = 0, end = 1; start < order.Length; start = end++)
        {
            // Ascending: the next caption is the longest of a run that has it.
            while (end < order.Length && end - start < mostRows
                && (end - start + 1L) * captions[order[end]].Ids.Length <= mostTokens)
                end++;
            runs.Add(order[start..end]);
        }
        return runs;
    }
}
