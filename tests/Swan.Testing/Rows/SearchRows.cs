using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.Testing;

/// <summary>A gallery of five rows and queries for it; query <c>i</c> is nearest to row <c>i % 5</c>.</summary>
public static class SearchRows
{
    public const int Size = 3;

    public static readonly string[] Keys = ["east", "north", "up", "west", "south"];
    private static readonly float[] Gallery = [1, 0, 0, 0, 1, 0, 0, 0, 1, -1, 0, 0, 0, -1, 0];

    public static SwanIndex Index(ModelIdentity? model = null) =>
        SwanIndex.Build(Gallery, Size, Keys, model, TestContext.Current.CancellationToken);

    public static QueryRow[] Queries(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new QueryRow { Query = Query(i), Number = i })];

    public static float[] Query(int i) =>
        [.. Gallery.AsSpan(i % 5 * Size, Size).ToArray().Select((v, d) => 2 * v + 0.1f * (d + 1) + 0.01f * i)];
}
