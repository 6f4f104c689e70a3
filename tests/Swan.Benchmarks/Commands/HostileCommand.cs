using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Transforms;

namespace Swan.Benchmarks.Commands;

/// <summary>What our pipeline makes of a folder of unusual and broken files, run in a process of its own so that a crash is seen.</summary>
internal static class HostileCommand
{
    private const double MostSeconds = 2;
    private const long MostBytes = 1L << 30;
    private static readonly Option<string> Data = new("--data") { Description = "Folder; every file in it and below is taken for an image.", Required = true };
    private static readonly Option<bool> Child = new("--child") { Hidden = true };

    public static Command Create()
    {
        var command = new Command("hostile", $"Embeds every file of a folder with OnError.Missing; fails if a file takes more than {MostSeconds} s, the process more than {Report.Megabytes(MostBytes)}, or anything crashes.") { SharedOptions.Model, Data, SharedOptions.Json, Child };
        command.SetAction(parsed =>
        {
            string model = parsed.GetRequiredValue(SharedOptions.Model), data = parsed.GetRequiredValue(Data);
            if (!parsed.GetValue(Child)) return Judge(ChildProcess.Run<Outcome>("hostile", SharedOptions.Model.Name, model, Data.Name, data, Child.Name), parsed.GetValue(SharedOptions.Json));
            ChildProcess.Answer(Embed(model, data));
            return 0;
        });
        return command;
    }

    private static int Judge(Outcome outcome, string? json)
    {
        Console.WriteLine($"  {outcome.Files} files: {outcome.Embedded} embedded, {outcome.Reported.Values.Sum()} reported");
        Report.Table(["reason", "files"], outcome.Reported.OrderByDescending(r => r.Value).Select(r => new[] { r.Key, $"{r.Value}" }));
        Console.WriteLine($"  slowest: {outcome.SlowestSeconds * 1000:F0} ms, '{outcome.Slowest}'");
        Console.WriteLine($"  peak memory: {Report.Megabytes(outcome.PeakBytes)}");
        var faults = new List<string>();
        if (outcome.SlowestSeconds > MostSeconds) faults.Add($"'{outcome.Slowest}' took {outcome.SlowestSeconds:F1} s, more than {MostSeconds} s");
        if (outcome.PeakBytes > MostBytes) faults.Add($"the process took {Report.Megabytes(outcome.PeakBytes)}, more than {Report.Megabytes(MostBytes)}");
        faults.AddRange(outcome.Wrong);
        foreach (string fault in faults) Console.WriteLine($"  FAILED: {fault}.");
        Report.Write(json, "hostile", outcome);
        return faults.Count == 0 ? 0 : 1;
    }

    /// <summary>Twice: row by row for each file's time, then in batches as a job does it. Both must say the same of every file.</summary>
    private static Outcome Embed(string model, string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        if (files.Length == 0) throw new InvalidDataException($"'{folder}' has no files.");
        var ml = new MLContext();
        var seconds = new double[files.Length];
        string[] alone = Errors(1, seconds), batched = Errors(new SwanEmbeddingOptions().BatchSize, null);
        int slowest = Array.IndexOf(seconds, seconds.Max());
        IEnumerable<string> wrong = Enumerable.Range(0, files.Length)
            .Where(i => alone[i] != batched[i] || (alone[i].Length > 0 && !alone[i].Contains(files[i], StringComparison.Ordinal)))
            .Select(i => $"'{files[i]}' is '{alone[i]}' alone and '{batched[i]}' in a batch; the two must agree and name the file");
        return new Outcome(
            files.Length, alone.Count(e => e.Length == 0), alone.Where(e => e.Length > 0).GroupBy(e => e[..e.IndexOf(':', StringComparison.Ordinal)]).ToDictionary(g => g.Key, g => g.Count()),
            seconds[slowest], Path.GetRelativePath(folder, files[slowest]), ChildProcess.PeakMemory(), [.. wrong]);

        string[] Errors(int batch, double[]? times)
        {
            IDataView data = ImageRows.Stream(ml, files, files.Length);
            using SwanEmbeddingTransformer swan = ml.Transforms.SwanEmbedding("Embedding", nameof(ImageRow.ImagePath), model, o => (o.OnError, o.BatchSize) = (SwanOnError.Missing, batch)).Fit(data);
            if (times is not null) _ = swan.Transform(ml.Data.TakeRows(data, 1)).GetColumn<float[]>("Embedding").Single(); // what is compiled once is no file's time
            IDataView view = swan.Transform(data);
            DataViewSchema.Column embedding = view.Schema["Embedding"], error = view.Schema["EmbeddingError"];
            using DataViewRowCursor cursor = view.GetRowCursor([embedding, error]);
            ValueGetter<VBuffer<float>> embeddings = cursor.GetGetter<VBuffer<float>>(embedding);
            ValueGetter<ReadOnlyMemory<char>> errors = cursor.GetGetter<ReadOnlyMemory<char>>(error);
            var texts = new string[files.Length];
            VBuffer<float> values = default;
            ReadOnlyMemory<char> text = default;
            for (int i = 0; i < files.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                cursor.MoveNext();
                embeddings(ref values);
                if (times is not null) times[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                errors(ref text);
                texts[i] = text.ToString();
                bool missing = values.GetValues().ContainsAnyExceptInRange(float.MinValue, float.MaxValue);
                if (missing != texts[i].Length > 0) throw new InvalidOperationException($"'{files[i]}' has {(missing ? "no embedding and no error" : $"an embedding and the error '{texts[i]}'")}.");
            }
            return texts;
        }
    }

    private sealed record Outcome(int Files, int Embedded, Dictionary<string, int> Reported, double SlowestSeconds, string Slowest, long PeakBytes, string[] Wrong);
}
