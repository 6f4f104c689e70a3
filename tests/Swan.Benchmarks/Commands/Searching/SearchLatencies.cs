using Swan.Cli.Bench;
using Swan.MLNet.Search;

namespace Swan.Benchmarks.Commands;

/// <summary>Swan's search and that of version 0.1 under the same loads, in turns.</summary>
internal static class SearchLatencies
{
    private const int Queries = 512, K = 10, Turns = 4;

    /// <param name="rows">Rows of the gallery.</param>
    /// <param name="dimension">D.</param>
    /// <param name="rate">Queries that come a second.</param>
    /// <param name="clients">Clients of the closed loop.</param>
    /// <param name="seconds">For each load and search.</param>
    public static Latency[] Measure(int rows, int dimension, double rate, int clients, double seconds)
    {
        SwanIndex index = SwanIndex.Build(SearchQueries.Make(rows, dimension), dimension);
        float[][] queries = [.. SearchQueries.Make(Queries, dimension).Chunk(dimension)];
        (string Name, Action<int> Search)[] searches =
        [
            ("Swan", number => index.Search(queries[number % Queries], K)),
            ("version 0.1", number => EarlierSearch.Search(index.Gallery, queries[number % Queries], K)),
        ];
        foreach (float[] query in queries[..8])
        {
            // The two sum in other orders; a tie of rounding may swap two rows, and nothing else.
            var found = index.Search(query, K).Select(h => h.Row).ToHashSet();
            if (EarlierSearch.Search(index.Gallery, query, K).Count(f => !found.Contains(f.Row)) > 1)
                throw new InvalidOperationException("The two searches find different rows.");
        }
        var loads = new (string Name, Func<Action<int>, int, Latency.Part> Run)[]
        {
            ($"{rate:0.#}/s offered", (search, turn) => Latency.Open(search, rate, seconds / Turns, turn)),
            ("1 client", (search, _) => Latency.Closed(search, 1, seconds / Turns)),
            ($"{clients} clients", (search, _) => Latency.Closed(search, clients, seconds / Turns)),
        };
        return [.. loads.SelectMany(load => Measure(load.Name, load.Run, searches))];
    }

    private static IEnumerable<Latency> Measure(
        string load, Func<Action<int>, int, Latency.Part> run, (string Name, Action<int> Search)[] searches)
    {
        var turns = searches.Select(_ => new List<(Latency.Part, double, long)>()).ToArray();
        for (int turn = 0; turn < Turns; turn++)
        {
            for (int i = 0; i < searches.Length; i++)
            {
                var use = new ProcessorUse();
                long allocated = GC.GetTotalAllocatedBytes(precise: true);
                Latency.Part part = run(searches[i].Search, turn);
                turns[i].Add((part, use.OwnSeconds(), GC.GetTotalAllocatedBytes(precise: true) - allocated));
            }
        }
        return searches.Select((search, i) => Latency.Of(search.Name, load, turns[i]));
    }
}
