using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.Cli.Options;
using Swan.MLNet.Imaging;
using Swan.MLNet.Transforms;

namespace Swan.Benchmarks.Commands;

/// <summary>
/// What our pipeline makes of a folder of unusual and broken files, run in processes of their own so that a crash is seen.
/// </summary>
internal static class HostileCommand
{
    private const double MaxSeconds = 2;
    private const long MaxAllowedBytes = 1L << 30;
    private static readonly Option<string> Data = new("--data")
    {
        Description = "Folder; every file in it and below is taken for an image.",
        Required = true,
    };
    private static readonly Option<int?> Child = new OptionalNumberOption<int>("--child") { Hidden = true };

    public static Command Create()
    {
        var command = new Command("hostile",
            $"Embeds every file of a folder with OnError.Missing, twice; fails if a file takes more than {MaxSeconds} s, "
            + $"a process more than {Report.Megabytes(MaxAllowedBytes)}, a picture has other pixels in the second process, "
            + "or anything crashes.")
        {
            SharedOptions.Model, Data, SharedOptions.Json, Child,
        };
        command.SetAction(parsed =>
        {
            string model = parsed.GetRequiredValue(SharedOptions.Model), data = parsed.GetRequiredValue(Data);
            string[] files = [.. Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
            if (files.Length == 0) throw new InvalidDataException($"'{data}' has no files.");
            if (parsed.GetValue(Child) is not { } batch)
                return Judge(data, files, Start(1), Start(new SwanEmbeddingOptions().BatchSize), parsed.GetValue(SharedOptions.Json));
            ChildProcess.Answer(Embed(model, files, batch));
            return 0;

            Pass Start(int rows) =>
                ChildProcess.Run<Pass>("hostile", SharedOptions.Model.Name, model, Data.Name, data, Child.Name, $"{rows}");
        });
        return command;
    }

    /// <summary>
    /// Row by row tells each file's time; in batches, as a job does it, tells the memory. Both must say the same of every file and see the
    /// same pixels: a decoder that reads past its buffer sees others each time.
    /// </summary>
    private static int Judge(string folder, string[] files, Pass alone, Pass batched, string? json)
    {
        string[][] reported = [.. alone.Errors.Where(e => e.Length > 0)
            .GroupBy(e => e[..e.IndexOf(':', StringComparison.Ordinal)])
            .OrderByDescending(g => g.Count())
            .Select(g => new[] { g.Key, $"{g.Count()}" })];
        int slowest = Array.IndexOf(alone.Seconds, alone.Seconds.Max());
        string name = Path.GetRelativePath(folder, files[slowest]);
        int errors = alone.Errors.Count(e => e.Length > 0);
        Console.WriteLine($"  {files.Length} files: {files.Length - errors} embedded, {errors} reported");
        Report.Table(["reason", "files"], reported);
        Console.WriteLine($"  slowest: {alone.Seconds[slowest] * 1000:F0} ms to decode and encode, '{name}'");
        Console.WriteLine(
            $"  peak memory: {Report.Megabytes(alone.PeakBytes)} row by row, {Report.Megabytes(batched.PeakBytes)} in batches");

        var faults = new List<string>();
        if (alone.Seconds[slowest] > MaxSeconds) faults.Add($"'{name}' took {alone.Seconds[slowest]:F1} s, more than {MaxSeconds} s");
        long peak = Math.Max(alone.PeakBytes, batched.PeakBytes);
        if (peak > MaxAllowedBytes) faults.Add($"a process took {Report.Megabytes(peak)}, more than {Report.Megabytes(MaxAllowedBytes)}");
        faults.AddRange(Enumerable.Range(0, files.Length)
            .Where(i => alone.Errors[i] != batched.Errors[i]
                || (alone.Errors[i].Length > 0 && !alone.Errors[i].Contains(files[i], StringComparison.Ordinal)))
            .Select(i =>
                $"'{files[i]}' is '{alone.Errors[i]}' alone and '{batched.Errors[i]}' in a batch; the two must agree and name the file"));
        faults.AddRange(Enumerable.Range(0, files.Length).Where(i => alone.Pixels[i] != batched.Pixels[i])
            .Select(i => $"'{files[i]}' has other pixels in each process ({alone.Pixels[i]}, {batched.Pixels[i]})"));
        foreach (string fault in faults) Console.WriteLine($"  FAILED: {fault}.");
        Report.Write(json, "hostile", new
        {
            files = files.Length, embedded = files.Length - errors,
            reported = reported.ToDictionary(r => r[0], r => int.Parse(r[1], CultureInfo.InvariantCulture)),
            slowestSeconds = alone.Seconds[
                slowest], slowest = name, peakBytesAlone = alone.PeakBytes, peakBytesBatched = batched.PeakBytes, faults,
        });
        return faults.Count == 0 ? 0 : 1;
    }

    private static Pass Embed(string model, string[] files, int batch)
    {
        var ml = new MLContext();
        IDataView data = ImageRows.Stream(ml, files, files.Length);
        using SwanEmbeddingTransformer swan = ml.Transforms.SwanEmbedding(
            "Embedding", nameof(ImageRow.ImagePath), model, new() { OnError = SwanOnError.Missing, BatchSize = batch }).Fit(data);
        // What is compiled and allocated once is no file's time.
        _ = swan.Transform(ml.Data.TakeRows(data, 1)).GetColumn<float[]>("Embedding").Single();
        IDataView view = swan.Transform(data);
        DataViewSchema.Column embedding = view.Schema["Embedding"], error = view.Schema["EmbeddingError"];
        using DataViewRowCursor cursor = view.GetRowCursor([embedding, error]);
        ValueGetter<VBuffer<float>> embeddings = cursor.GetGetter<VBuffer<float>>(embedding);
        ValueGetter<ReadOnlyMemory<char>> errors = cursor.GetGetter<ReadOnlyMemory<char>>(error);
        var pass = new Pass(new string[files.Length], new double[files.Length], [.. files.Select(Pixels)], 0);
        VBuffer<float> values = default;
        ReadOnlyMemory<char> text = default;
        for (int i = 0; i < files.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            if (!cursor.MoveNext()) throw new InvalidOperationException($"{i} rows came of {files.Length}.");
            embeddings(ref values);
            pass.Seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            errors(ref text);
            pass.Errors[i] = text.ToString();
            bool missing = values.GetValues().ContainsAnyExceptInRange(float.MinValue, float.MaxValue);
            if (missing != pass.Errors[i].Length > 0)
            {
                throw new InvalidOperationException(
                    $"'{files[i]}' has {(missing ? "no embedding and no error" : $"an embedding and the error '{pass.Errors[i]}'")}.");
            }
        }
        return pass with { PeakBytes = ChildProcess.PeakMemory() };
    }

    private static string Pixels(string file)
    {
        try
        {
            RgbImage image = ImageDecoder.Decode(file);
            return $"{image.Width}×{image.Height} {Convert.ToHexStringLower(SHA256.HashData(image.Pixels))[..16]}";
        }
        catch (SwanImageException e)
        {
            return e.Fault.ToString();
        }
    }

    /// <summary>
    /// What one process saw: per file, in order, the error (empty where there is an embedding), the seconds until its row was read, and a
    /// hash of its pixels.
    /// </summary>
    private sealed record Pass(string[] Errors, double[] Seconds, string[] Pixels, long PeakBytes);
}
