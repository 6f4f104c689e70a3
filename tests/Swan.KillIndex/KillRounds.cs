using System.Diagnostics;
using System.Globalization;
using Swan.MLNet;
using Swan.MLNet.Search;

namespace Swan.KillIndex;

/// <summary>Starts writers, kills each at a random moment, and looks at what is there then; a reader looks on all the time.</summary>
internal sealed class KillRounds(int seed)
{
    // From the moment when a writer begins its first batch.
    private const int LongestLife = 500, LeastRounds = 20;

    private readonly Random _random = new(seed);
    private readonly BatchModel _model = new(seed);
    private int _withinWrites;
    private int _looks;

    /// <summary>Kills writers of one index.</summary>
    /// <returns>0 where nothing was lost, doubled or torn.</returns>
    public int Run(int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("swan-kill-").FullName;
        var time = Stopwatch.StartNew();
        SwanLiveIndex? reader = null;
        bool good = false;
        try
        {
            for (int round = 1; round <= rounds; round++)
            {
                int committed = KillOne(folder, ref reader);
                Check(folder, committed);
                if (round % 50 == 0 || round == rounds)
                {
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{round} kills, {_withinWrites} of them left files that no manifest names; {_model.Batch} batches, "
                        + $"{_model.Written.Count} rows, generation {reader!.Generation}; {_looks} looks of a reader; "
                        + $"{time.Elapsed.TotalSeconds:F0} s"));
                }
            }
            // Kills that all fell between writes would prove nothing.
            Require(rounds < LeastRounds || _withinWrites > 0, $"None of {rounds} kills fell within a write.");
            good = true;
            Console.WriteLine("Nothing was lost, doubled or torn.");
            return 0;
        }
        catch (Exception e) when (e is InvalidDataException or SwanException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
        finally
        {
            reader?.Dispose();
            // Whatever went wrong, it is the evidence.
            if (good) Directory.Delete(folder, recursive: true);
            else Console.Error.WriteLine($"The index stays in '{folder}'.");
        }
    }

    // Returns the last batch that the writer said it had committed.
    private int KillOne(string folder, ref SwanLiveIndex? reader)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["write", folder, seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Insert(0, typeof(KillRounds).Assembly.Location);
        using Process writer = Process.Start(start)!;
        Task<string> errors = writer.StandardError.ReadToEndAsync();
        int committed = _model.Batch;
        string? first = writer.StandardOutput.ReadLine();
        if (first is null) throw new InvalidDataException($"The writer could not go on with what was left:\n{errors.Result}");
        Task said = Task.Run(() =>
        {
            while (writer.StandardOutput.ReadLine() is { } line) committed = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        });
        reader ??= SwanLiveIndex.Open(folder, new SwanLiveIndexOptions { RefreshInterval = TimeSpan.Zero });
        int last = 0, limit = _random.Next(LongestLife);
        for (var life = Stopwatch.StartNew(); life.ElapsedMilliseconds < limit;)
        {
            last = Look(reader, last);
            // The writer needs a processor, too.
            Thread.Sleep(1);
        }
        writer.Kill();
        writer.WaitForExit();
        said.Wait();
        if (errors.Result.Length > 0) throw new InvalidDataException($"The writer failed before it was killed:\n{errors.Result}");
        return committed;
    }

    // A reader of a living index: states go forward, and each is whole.
    private int Look(SwanLiveIndex reader, int last)
    {
        using SwanIndexSnapshot snapshot = reader.Snapshot();
        _looks++;
        if (!snapshot.TryGet(BatchModel.Marker, out SwanRow? marker)) return last;
        var batch = (int)(double)marker.Values[BatchModel.Number]!;
        Require(batch >= last, $"A reader saw batch {batch} after batch {last}.");
        var rows = (int)(double)marker.Values[BatchModel.Rows]!;
        Require(snapshot.Count == rows, $"A reader saw {snapshot.Count} rows in batch {batch}, which has {rows}.");
        SwanHit hit = snapshot.Search(marker.Embedding.Span, 1)[0];
        Require(hit.Score == 1, $"A reader found no row like that of batch {batch}: the best has {hit.Score}.");
        return batch;
    }

    private void Check(string folder, int committed)
    {
        string[] files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        string manifest = File.ReadAllText(Path.Combine(folder, "manifest.json"));
        if (files.Any(file => Path.GetFileName(file) is var name && name is not ("manifest.json" or "writer.lock" or "writer.json")
            && !manifest.Contains(name, StringComparison.Ordinal)))
        {
            _withinWrites++;
        }
        using SwanLiveIndex index = SwanLiveIndex.Open(folder);
        index.Verify();
        using SwanIndexSnapshot snapshot = index.Snapshot();
        int batch = snapshot.TryGet(BatchModel.Marker, out SwanRow? marker) ? (int)(double)marker.Values[BatchModel.Number]! : 0;
        // A commit may have counted without having been said.
        Require(
            batch == committed || batch == committed + 1, $"The writer had committed batch {committed}, but the index has batch {batch}.");
        while (_model.Batch < batch) _model.Next();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (SwanRow row in snapshot.Rows())
        {
            Require(seen.Add(row.Key), $"'{row.Key}' is there twice after batch {batch}.");
            Require(_model.Written.TryGetValue(row.Key, out int written), $"'{row.Key}' is there after batch {batch}, but it was removed.");
            Require(
                row.Embedding.Span.SequenceEqual(BatchModel.Embedding(row.Key, written)),
                $"'{row.Key}' has not the embedding that batch {written} gave it, after batch {batch}.");
            foreach ((string name, object? value) in _model.Values(row.Key, written))
            {
                Require(
                    Equals(row.Values[name], value is int number ? (double)number : value),
                    $"'{row.Key}' has {name} = {row.Values[name]}, but batch {written} gave it {value}.");
            }
        }
        Require(seen.Count == _model.Written.Count, $"{_model.Written.Count - seen.Count} rows are lost after batch {batch}.");
        Require(snapshot.Count == seen.Count, $"{snapshot.Count} rows are counted, but there are {seen.Count}.");
    }

    private static void Require(bool condition, string fault)
    {
        if (!condition) throw new InvalidDataException(fault);
    }
}
