using System.Text.Json;
using Swan.MLNet.Datasets;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.Training.Evaluation;

/// <summary>
/// Queries with known scenes: words outside the training captions show whether a text tower understands or remembers.
/// </summary>
/// <param name="Query">What is searched for.</param>
/// <param name="Scenes">The scenes of which an image is right.</param>
internal sealed record SceneQuery(string? Query, string[]? Scenes);

/// <summary>How many of the first ten images that queries find are of a right scene.</summary>
internal static class SceneQueries
{
    private const int Depth = 10;
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    /// <summary>Reads JSON lines: <c>{"query": "a jetty", "scenes": ["port"]}</c>.</summary>
    /// <exception cref="SwanDataException">Lines have problems, or name scenes that no image has; all are reported.</exception>
    public static IReadOnlyList<SceneQuery> Read(string file, IEnumerable<string?> scenes)
    {
        HashSet<string?> known = [.. scenes];
        var faults = new DataFaults();
        var queries = new List<SceneQuery>();
        int number = 0;
        foreach (string line in faults.Lines(file))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            SceneQuery? query = null;
            try
            {
                query = JsonSerializer.Deserialize<SceneQuery>(line, Options);
            }
            catch (JsonException)
            {
                // Reported below, with what was expected.
            }

            if (query is not { Query: { } text, Scenes: { Length: > 0 } meant } || string.IsNullOrWhiteSpace(text))
                faults.Add(file, number, """expected {"query": "a jetty", "scenes": ["port"]}.""");
            else if (Array.Find(meant, s => !known.Contains(s)) is { } unknown)
                faults.Add(file, number, $"no image has the scene '{unknown}', so '{text}' could have no right image.");
            else queries.Add(query);
        }

        faults.ThrowIfAny();
        if (queries.Count == 0) faults.Add(file, 0, "it has no queries.");
        faults.ThrowIfAny();
        return queries;
    }

    /// <summary>Refuses queries that the model finds no word in, all together, before any work.</summary>
    /// <exception cref="SwanDataException">There are such queries.</exception>
    public static void ThrowIfNoWords(IReadOnlyList<SceneQuery> queries, SwanModel model, string file)
    {
        var faults = new DataFaults();
        foreach (SceneQuery query in queries.Where(q => !model.HasWords(q.Query!)))
            faults.Add(file, 0, $"the query '{query.Query}' has no word that the model '{model.Card.Name}' knows.");
        faults.ThrowIfAny();
    }

    /// <summary>The share of right images among the first ten (all, where there are fewer), in [0, 1], for each query.</summary>
    /// <param name="queries">From <see cref="Read"/>.</param>
    /// <param name="model">Embeds the queries.</param>
    /// <param name="index">The images; a result's row is its position in <paramref name="scenes"/>.</param>
    /// <param name="scenes">Each image's scene.</param>
    public static double[] PrecisionAt10(
        IReadOnlyList<SceneQuery> queries, SwanModel model, SwanIndex index, IReadOnlyList<string?> scenes) =>
        [.. queries.Select(q => index.SearchCaption(model, q.Query!, Depth).Count(hit => q.Scenes!.Contains(scenes[hit.Row]))
            / (double)Math.Min(Depth, index.Count))];
}
