namespace Swan.KillIndex;

/// <summary>What an index holds after each batch, by the batch's number and the seed alone, so that any process knows it.</summary>
/// <remarks>
/// Most batches change some rows of a few hundred. Every seventh writes more than the writer keeps in memory, every fifth removes many, and
/// after 40 there is one column more.
/// </remarks>
internal sealed class BatchModel(int seed)
{
    /// <summary>D.</summary>
    public const int EmbeddingSize = 257;

    /// <summary>The key of the row that says which batch was the last.</summary>
    public const string Marker = "#batch";

    /// <summary>The column that has the batch's number in the marker's row, and the number of the batch that wrote it in others.</summary>
    public const string Number = "number";

    /// <summary>How many rows there are, in the marker's row.</summary>
    public const string Rows = "rows";

    /// <summary>A column that is added later.</summary>
    public const string Late = "late";

    /// <summary>The batch that adds it.</summary>
    public const int LateFrom = 40;

    private const int FewKeys = 400, ManyKeys = 1500;

    /// <summary>The rows after the last batch: which batch wrote each, by key.</summary>
    public Dictionary<string, int> Written { get; } = new(StringComparer.Ordinal);

    /// <summary>The last batch.</summary>
    public int Batch { get; private set; }

    /// <summary>Makes the next batch.</summary>
    /// <param name="upsert">Gets each key that it writes.</param>
    /// <param name="remove">Gets each key that it removes; maybe one that isn't there.</param>
    public void Next(Action<string>? upsert = null, Action<string>? remove = null)
    {
        int batch = ++Batch;
        var random = new Random(Mixed(seed, batch));
        int keys = batch % 7 == 0 ? ManyKeys : FewKeys, upserts = batch % 7 == 0 ? 1300 : random.Next(1, 60);
        for (int i = 0; i < upserts; i++)
        {
            string key = $"key-{random.Next(keys)}";
            Written[key] = batch;
            upsert?.Invoke(key);
        }
        int removals = batch % 5 == 0 ? 300 : random.Next(10);
        for (int i = 0; i < removals; i++)
        {
            string key = $"key-{random.Next(keys)}";
            Written.Remove(key);
            remove?.Invoke(key);
        }
        Written[Marker] = batch;
    }

    /// <summary>A row's embedding: four halves, so that it is of unit length to the last bit.</summary>
    public static float[] Embedding(string key, int batch)
    {
        var random = new Random(Mixed(batch, key.Length * 31 + key.Aggregate(17, (hash, c) => hash * 31 + c)));
        float[] values = new float[EmbeddingSize];
        for (int left = 4; left > 0;)
        {
            int at = random.Next(EmbeddingSize);
            if (values[at] != 0) continue;
            values[at] = random.Next(2) == 0 ? 0.5f : -0.5f;
            left--;
        }
        return values;
    }

    /// <summary>A row's values.</summary>
    public Dictionary<string, object?> Values(string key, int batch)
    {
        var values = new Dictionary<string, object?> { [Number] = batch };
        if (key == Marker) values[Rows] = Written.Count;
        if (batch >= LateFrom) values[Late] = $"late {batch % 3}";
        return values;
    }

    // The same in every process, unlike System.HashCode.
    private static int Mixed(int a, int b) => unchecked(a * 1_000_003 + b * 7919);
}
