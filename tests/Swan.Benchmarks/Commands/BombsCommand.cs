using Swan.Cli.Options;
using System.CommandLine;
using Microsoft.Extensions.AI;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet;
using Swan.MLNet.Generators;
using Swan.MLNet.Hosting;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;
using Swan.MLNet.Transforms;

namespace Swan.Benchmarks.Commands;

/// <summary>Memory while many requests bring small files of large pictures at the same time, through each way in.</summary>
internal static class BombsCommand
{
    private static readonly string[] Ways = ["generator", "model", "pipeline", "pool"];
    private static readonly NumberOption<int> Requests = SharedOptions.AtLeastOne(new NumberOption<int>("--requests")
    {
        Description = "Requests at the same time, of one image each.", DefaultValueFactory = _ => 64,
    });
    private static readonly NumberOption<int> Side = SharedOptions.AtLeastOne(new NumberOption<int>("--side")
    {
        Description = "Width and height of the pictures.", DefaultValueFactory = _ => 10_000,
    });
    private static readonly Option<long> Budget = new NumberOption<long>("--budget")
    {
        Description = "SwanResources.MaxPictureBytes.", DefaultValueFactory = _ => 1L << 30,
    };
    private static readonly Option<string?> Format = new("--format") { Description = "The ending of the one format to take, such as png." };
    private static readonly Option<string?> Child = new("--child") { Hidden = true };
    private static readonly Option<string?> Folder = new("--folder") { Hidden = true };

    public static Command Create()
    {
        var command = new Command("bombs",
            "Embeds large pictures in small files, many at the same time, through each way in; fails if the memory grows by more than the "
            + "budget.")
        {
            SharedOptions.Model, Requests, Side, Budget, Format, SharedOptions.Json, Child, Folder,
        };
        command.SetAction(parsed =>
        {
            string model = parsed.GetRequiredValue(SharedOptions.Model);
            int requests = parsed.GetValue(Requests), side = parsed.GetValue(Side);
            long budget = parsed.GetValue(Budget);
            if (parsed.GetValue(Child) is not { } way)
                return Judge(model, requests, side, budget, parsed.GetValue(Format), parsed.GetValue(SharedOptions.Json));
            string[] files = [.. Directory.GetFiles(parsed.GetValue(Folder)!).Order(StringComparer.Ordinal)];
            ChildProcess.Answer(Embed(way, model, [.. Enumerable.Range(0, requests).Select(i => files[i % files.Length])], budget));
            return 0;
        });
        return command;
    }

    private static int Judge(string model, int requests, int side, long budget, string? format, string? json)
    {
        string folder = Directory.CreateTempSubdirectory("swan-bombs").FullName;
        try
        {
            foreach (string file in Bombs.Write(folder, side))
            {
                if (format is not null && !file.EndsWith($".{format}", StringComparison.OrdinalIgnoreCase)) File.Delete(file);
                else Console.WriteLine($"  {Path.GetFileName(file)}: {new FileInfo(file).Length:N0} bytes, {side}×{side}");
            }
            (string Way, Peak Peak)[] peaks =
            [
                .. Ways.Select(way => (way, ChildProcess.Run<Peak>(
                    "bombs", SharedOptions.Model.Name, model, Requests.Name, $"{requests}", Budget.Name, $"{budget}", Child.Name, way,
                    Folder.Name, folder))),
            ];
            Console.WriteLine($"  {requests} requests at the same time, budget {Report.Megabytes(budget)}");
            Report.Table(
                ["way", "before", "peak", "growth", "refused", "seconds"],
                peaks.Select(p => new[]
                {
                    p.Way, Report.Megabytes(p.Peak.Before), Report.Megabytes(p.Peak.Highest),
                    Report.Megabytes(p.Peak.Highest - p.Peak.Before), $"{p.Peak.Refused}", $"{p.Peak.Seconds:F1}",
                }));
            Report.Write(json, "bombs", new { requests, side, budget, ways = peaks.Select(p => new { p.Way, p.Peak }) });
            string[] over = [.. peaks.Where(p => p.Peak.Highest - p.Peak.Before > budget).Select(p => p.Way)];
            if (over.Length > 0) Console.WriteLine($"  FAILED: over the budget: {string.Join(", ", over)}.");
            return over.Length == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Peak Embed(string way, string model, string[] files, long budget)
    {
        SwanResources.MaxPictureBytes = budget;
        using Entrance entrance = Open(way, model);
        // What is loaded and compiled once is no request's memory.
        string small = Path.Combine(Path.GetTempPath(), $"swan-{Guid.NewGuid():N}.png");
        using (MLImage image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Rgba32, [0, 0, 0, 255])) image.Save(small);
        entrance.Embed(small);
        File.Delete(small);
        long before = ChildProcess.PeakMemory();
        int refused = 0;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Thread[] threads = [.. files.Select(file => new Thread(() =>
        {
            try
            {
                entrance.Embed(file);
            }
            catch (Exception e) when (e is SwanImageException or SwanRowException)
            {
                Interlocked.Increment(ref refused);
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        return new Peak(before, ChildProcess.PeakMemory(), refused, clock.Elapsed.TotalSeconds);
    }

    private static Entrance Open(string way, string model)
    {
        if (way is "generator" or "model")
        {
            SwanModel open = SwanModel.Open(model);
            if (way == "model") return new Entrance(file => open.EmbedImage(file), open);
            var generator = new SwanImageEmbeddingGenerator(open, new() { OwnsModel = true, Concurrency = int.MaxValue });
            return new Entrance(
                file => generator.GenerateAsync([new DataContent(File.ReadAllBytes(file), "image/png")]).GetAwaiter().GetResult(),
                generator);
        }
        var ml = new MLContext();
        IDataView none = ml.Data.LoadFromEnumerable(Array.Empty<ImageRow>());
        SwanEmbeddingTransformer fitted = ml.Transforms.SwanEmbedding("Embedding", nameof(ImageRow.ImagePath), model).Fit(none);
        if (way == "pipeline")
        {
            return new Entrance(
                file => _ = fitted.Transform(ml.Data.LoadFromEnumerable([new ImageRow { ImagePath = file }]))
                    .GetColumn<float[]>("Embedding").Single(),
                fitted);
        }
        string saved = Path.Combine(Path.GetTempPath(), $"swan-{Guid.NewGuid():N}.zip");
        ml.Model.Save(fitted, none.Schema, saved);
        fitted.Dispose();
        var pool = new SwanPredictionEnginePool<ImageRow, EmbeddedRow>(new() { PipelinePath = saved, Reload = false });
        File.Delete(saved);
        return new Entrance(file => pool.Predict(new ImageRow { ImagePath = file }), pool);
    }

    private sealed record Entrance(Action<string> Embed, IDisposable Owned) : IDisposable
    {
        public void Dispose() => Owned.Dispose();
    }

    private sealed record Peak(long Before, long Highest, int Refused, double Seconds);
}
