using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Swan.Cli.Options;
using Swan.MLNet.Transforms;

namespace Swan.Benchmarks.Commands;

/// <summary>Sixteen threads, each with a prediction engine of its own over one transformer, against one thread.</summary>
internal static class ThreadsCommand
{
    private static readonly Option<int> Threads = SharedOptions.AtLeastOne(new NumberOption<int>("--threads")
    {
        Description = "Threads that share one transformer.",
        DefaultValueFactory = _ => 16,
    });

    public static Command Create()
    {
        var command = new Command("threads",
            "Prediction engines on many threads over one transformer: the same bits as on one, and how fast.")
        {
            SharedOptions.Model, SharedOptions.Images, SharedOptions.Rows, Threads, SharedOptions.Json,
        };
        command.SetAction(parsed => Execute(
            parsed.GetRequiredValue(SharedOptions.Model), parsed.GetRequiredValue(SharedOptions.Images),
            parsed.GetValue(SharedOptions.Rows), parsed.GetValue(Threads), parsed.GetValue(SharedOptions.Json)));
        return command;
    }

    private static int Execute(string model, string images, int rows, int threads, string? json)
    {
        string[] paths = ImageRows.Choose(images, rows);
        var ml = new MLContext();
        using SwanEmbeddingTransformer transformer = ml.Transforms
            .SwanEmbedding(nameof(EmbeddedRow.Embedding), nameof(ImageRow.ImagePath), model)
            .Fit(ImageRows.Stream(ml, paths, rows));
        // Not counted: what is compiled and allocated once.
        Embed(ml, transformer, paths[..Math.Min(rows, 2 * threads)], threads);

        (float[][] expected, double oneSeconds) = Embed(ml, transformer, paths, 1);
        (float[][] found, double manySeconds) = Embed(ml, transformer, paths, threads);
        int different = expected.Zip(found).Count(p => !p.First.AsSpan().SequenceEqual(p.Second));
        Report.Table(["threads", "rows/s"], [["1", $"{rows / oneSeconds:F1}"], [$"{threads}", $"{rows / manySeconds:F1}"]]);
        Console.WriteLine(different == 0
            ? $"\n  The same bits in all {rows} rows."
            : $"\n  Different values in {different} of {rows} rows.");
        Report.Write(json, "threads",
            new { rows, threads, oneThread = rows / oneSeconds, manyThreads = rows / manySeconds, differentRows = different });
        return different == 0 ? 0 : 1;
    }

    /// <summary>Each thread takes the next row that none has taken, so that neighboring rows run side by side.</summary>
    private static (float[][] Embeddings, double Seconds) Embed(
        MLContext ml, SwanEmbeddingTransformer transformer, string[] paths, int threads)
    {
        var embeddings = new float[paths.Length][];
        int next = -1;
        Exception? fault = null;
        PredictionEngine<ImageRow, EmbeddedRow>[] engines =
            [.. Enumerable.Range(0, threads).Select(_ => ml.Model.CreatePredictionEngine<ImageRow, EmbeddedRow>(
                transformer, new PredictionEngineOptions { OwnsTransformer = false }))];
        var clock = Stopwatch.StartNew();
        Thread[] running = [.. engines.Select(engine => new Thread(() => Work(engine)))];
        foreach (Thread thread in running) thread.Start();
        foreach (Thread thread in running) thread.Join();
        clock.Stop();
        foreach (PredictionEngine<ImageRow, EmbeddedRow> engine in engines) engine.Dispose();
        if (fault is not null) throw new InvalidOperationException(fault.Message, fault);
        return (embeddings, clock.Elapsed.TotalSeconds);

        void Work(PredictionEngine<ImageRow, EmbeddedRow> engine)
        {
            try
            {
                for (int row = Interlocked.Increment(ref next); row < paths.Length; row = Interlocked.Increment(ref next))
                    embeddings[row] = engine.Predict(new ImageRow { ImagePath = paths[row] }).Embedding;
            }
            catch (Exception e)
            {
                // A fault of a thread would end the process.
                fault = e;
            }
        }
    }
}
