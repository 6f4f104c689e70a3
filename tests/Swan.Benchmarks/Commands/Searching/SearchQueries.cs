using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.Benchmarks.Commands;

/// <summary>Unit vectors in all directions, and searches with them.</summary>
internal static class SearchQueries
{
    private const int Seed = 1;

    /// <summary><c>queries[q * dimension + d]</c></summary>
    public static float[] Make(int count, int dimension)
    {
        var random = new Random(Seed);
        float[] queries = new float[count * dimension], values = new float[dimension];
        for (int q = 0; q < count; q++)
        {
            for (int d = 0; d < dimension; d++) values[d] = random.NextSingle() - 0.5f;
            UnitVector.TryNormalize(values, queries.AsSpan(q * dimension, dimension));
        }
        return queries;
    }

    /// <summary>One query as <see cref="SwanGallery.Search(ReadOnlySpan{float}, int)"/> searches for it, without keys.</summary>
    public static (float Score, int Row)[] Run(GallerySearch search, float[] query, int k)
    {
        SingleQuery room = search.Begin(k, CancellationToken.None);
        query.CopyTo(room.Unit, 0);
        (float, int)[] best = search.Run(room).ToArray();
        search.End(room);
        return best;
    }
}
