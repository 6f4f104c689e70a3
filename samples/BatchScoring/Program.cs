// Embeds a folder's images and labels each with the one of your words that fits it best, in a job that can be killed at any time:
//
//   dotnet run -c Release --project samples/BatchScoring -- tiles labels-of-tiles "airport,harbor,river,farmland"
//
// Swan.Batch embeds what is new or changed since the last time, and writes Parquet. This file adds what comes after the embedding.

using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.Batch;
using Swan.MLNet.Transforms;

if (args is not [string images, string output, string words])
{
    Console.Error.WriteLine("Usage: BatchScoring IMAGES OUT \"airport,harbor,river\"");
    return BatchExitCode.Usage;
}

string[] classes = words.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
if (classes.Length < 2)
{
    Console.Error.WriteLine($"\"{words}\" names {classes.Length} classes; expected at least two, separated by commas.");
    return BatchExitCode.Usage;
}

var ml = new MLContext();

// Any steps of ML.NET can go here, such as a classifier that mlContext.Model.Load reads. They get the column "embedding" and need not
// know about files.
EstimatorChain<ITransformer> label = new EstimatorChain<ITransformer>()
    .Append(ml.Transforms.SwanZeroShot("label", "scores", "embedding", new SwanZeroShotOptions { Classes = classes }))
    .Append<ITransformer>(ml.Transforms.Conversion.MapKeyToValue("label"));

// A scheduler stops a job with SIGTERM, a person with Ctrl+C. Shards that are done are kept.
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

try
{
    BatchJob job = ml.Swan().Batch(options =>
    {
        options.Images = images;
        options.Output = output;
        options.RowsPerShard = 1000;
        options.Steps = new BatchSteps
        {
            // With other words, the job refuses to go on with the rows that are there.
            Version = $"zero-shot: {string.Join(", ", classes)}",
            Create = rows => label.Fit(rows),
            Columns = ["embedding", "label", "scores"],
        };
    });

    BatchReport report = await job.RunAsync(new Lines(), stop.Token);
    Console.WriteLine($"{report.Rows:N0} rows, {report.BadShare:P1} of them bad, {report.RowsFromBefore:N0} from earlier starts, "
        + $"{report.RowsUnchanged:N0} unchanged.");
    return BatchExitCode.For(report);
}
catch (Exception e)
{
    int code = BatchExitCode.For(e);
    Console.Error.WriteLine(code == BatchExitCode.Defect ? $"{e}" : e.Message);
    return code;
}

/// <summary>Prints a line for each message and shard.</summary>
internal sealed class Lines : IProgress<BatchProgress>
{
    public void Report(BatchProgress value)
    {
        if (value.Message is { } message) Console.WriteLine(message);
        if (value.Shard is { } shard)
            Console.WriteLine($"shard {shard.Number}: {shard.Rows:N0} rows, {value.RowsDone:N0} of {value.Rows:N0} done");
    }
}
