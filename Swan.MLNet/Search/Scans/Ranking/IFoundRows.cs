namespace Swan.MLNet.Search;

/// <summary>Takes what a search of many queries finds.</summary>
internal interface IFoundRows
{
    /// <summary>Takes the results of one query. Several threads may call at once, each for another query.</summary>
    /// <param name="query">Its number, from 0.</param>
    /// <param name="best">Best first; equal scores by row. Copy them: the room is used again.</param>
    void Found(int query, ReadOnlySpan<(float Score, int Row)> best);
}
