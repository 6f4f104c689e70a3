using Swan.MLNet.Search;

namespace Swan.KillIndex;

/// <summary>Writers that do one thing and end, beside those of other processes or under a tracer.</summary>
internal static class SingleWriters
{
    /// <summary>The row with the counter, and its column.</summary>
    private const string Counter = "counter", Number = "n";

    /// <summary>Opens a writer.</summary>
    /// <returns>1 where there is another one.</returns>
    public static int Open(string folder)
    {
        try
        {
            using SwanLiveIndex index = SwanLiveIndex.Open(folder);
            index.OpenWriter().Dispose();
            return 0;
        }
        catch (SwanIndexLockedException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    /// <summary>Commits, and says what a reader sees after a commit that failed and after one that did not.</summary>
    public static int Commit(string folder)
    {
        using SwanLiveIndex index = Directory.Exists(folder)
            ? SwanLiveIndex.Open(folder)
            : SwanLiveIndex.Create(folder, new SwanIndexSettings(3));
        using SwanIndexWriter writer = index.OpenWriter(new SwanIndexWriterOptions { CompactInBackground = false });
        float[] embedding = new float[index.EmbeddingSize];
        embedding[0] = 1;
        writer.Upsert("new", embedding);
        writer.Remove("old");
        try
        {
            Console.WriteLine($"committed {writer.Commit()}");
        }
        catch (IOException e)
        {
            Console.WriteLine($"failed: {e.Message}");
            Console.WriteLine($"readers see {Seen(folder)}");
            Console.WriteLine($"committed {writer.Commit()}");
        }
        Console.WriteLine($"readers see {Seen(folder)}");
        return 0;
    }

    /// <summary>Counts.</summary>
    public static int Count(string folder, int times)
    {
        bool isTold = false;
        using SwanLiveIndex index = SwanLiveIndex.Open(folder);
        for (int done = 0; done < times;)
        {
            try
            {
                using SwanIndexWriter writer = index.OpenWriter();
                double before = writer.Find(Counter)?.Values[Number] is double found ? found : 0;
                writer.Upsert(Counter, [1, 0, 0], new Dictionary<string, object?> { [Number] = before + 1 });
                writer.Commit();
                done++;
            }
            catch (SwanIndexLockedException)
            {
                if (!isTold) Console.WriteLine("refused");
                isTold = true;
                Thread.Sleep(1);
            }
        }
        return 0;
    }

    private static string Seen(string folder)
    {
        using SwanLiveIndex reader = SwanLiveIndex.Open(folder);
        reader.Verify();
        return $"{reader.Generation}: {(reader.Contains("new") ? "new" : "not new")}, {(reader.Contains("old") ? "old" : "not old")}";
    }
}
