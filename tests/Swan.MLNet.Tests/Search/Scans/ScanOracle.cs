using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Scans;

/// <summary>What a search must find, by a score for each row and a full sort.</summary>
internal static class ScanOracle
{
    public static (float Score, int Row)[] Find(float[][] rows, float[] query, int k, float minimum, Func<int, bool> may) =>
    [
        .. Enumerable.Range(0, rows.Length).Where(may).Select(row => (Score: Score(rows[row], query), Row: row))
            .Where(found => found.Score >= minimum).OrderByDescending(found => found.Score).ThenBy(found => found.Row).Take(k),
    ];

    /// <summary>All queries together, and each alone; the two must agree.</summary>
    public static (float Score, int Row)[][] Ask(GallerySearch search, float[][] queries, Wanted wanted, int threads = 0)
    {
        var found = new Found(queries.Length);
        search.Run(queries.SelectMany(q => q).ToArray(), wanted, threads, found, TestContext.Current.CancellationToken);
        for (int q = 0; q < queries.Length; q++)
        {
            SingleQuery room = search.Begin(wanted, TestContext.Current.CancellationToken);
            queries[q].CopyTo(room.Unit, 0);
            Assert.Equal(found.Results[q], search.Run(room, threads).ToArray());
            search.End(room);
        }
        return found.Results;
    }

    /// <summary>Unit vectors; some lie close to others, and some are equal.</summary>
    public static float[][] Rows(int seed, int count, int dimension, float spread)
    {
        var random = new Random(seed);
        float[][] centers = [.. Enumerable.Range(0, 1 + count / 50).Select(_ => Noise(random, dimension))];
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                float[] center = centers[random.Next(centers.Length)], noise = Noise(random, dimension);
                float share = random.Next(4) == 0 ? 0 : spread * random.NextSingle();
                float[] unit = new float[dimension];
                Assert.True(UnitVector.TryNormalize([.. center.Zip(noise, (c, n) => c + share * n)], unit));
                return unit;
            }),
        ];
    }

    private static float Score(float[] row, float[] query)
    {
        float[] score = new float[1];
        DotProducts.Fill(row, row.Length, query, query.Length, score, 1);
        return Math.Clamp(score[0], -1, 1);
    }

    private static float[] Noise(Random random, int dimension)
    {
        float[] unit = new float[dimension];
        while (!UnitVector.TryNormalize([.. Enumerable.Range(0, dimension).Select(_ => random.NextSingle() - 0.5f)], unit))
        {
        }
        return unit;
    }

    private sealed class Found(int queries) : IFoundRows
    {
        public (float Score, int Row)[][] Results { get; } = new (float, int)[queries][];

        void IFoundRows.Found(int query, ReadOnlySpan<(float Score, int Row)> best) => Results[query] = best.ToArray();
    }
}
