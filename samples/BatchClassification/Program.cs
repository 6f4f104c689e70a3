// Sorts a folder of images into your own classes, learned from a few examples of each, and says which images a person should look at:
//
//   dotnet run -c Release --project samples/BatchClassification -- tiles sorted-tiles examples
//
// examples/airport/*.jpg, examples/harbor/*.jpg, … are the examples. The job writes the embedding, the class and its probability, the
// most similar example, and whether to review. Kill it at any time: the same command continues. Run it every night for new images.

using System.Runtime.InteropServices;
using BatchClassification;
using Microsoft.ML;
using Swan.Batch;

if (args is not [string images, string output, string folder])
{
    Console.Error.WriteLine("Usage: BatchClassification IMAGES OUT EXAMPLES");
    return BatchExitCode.Usage;
}

// A scheduler stops a job with SIGTERM, a person with Ctrl+C. Shards that are done are kept.
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

if (!Examples.TryRead(folder, out Examples? examples, out string? fault))
{
    Console.Error.WriteLine(fault);
    return BatchExitCode.Failed;
}

try
{
    var ml = new MLContext(seed: 0);
    var classifier = ExampleClassifier.Train(ml, examples);
    Console.WriteLine($"{examples.Count} examples of {examples.Classes} classes; review images that are less similar than "
        + $"{classifier.LeastSimilarity:F2} to all of them.");

    BatchJob job = ml.Swan().Batch(options =>
    {
        options.Images = images;
        options.Output = output;
        options.RowsPerShard = 1000;
        options.Steps = new BatchSteps
        {
            // Other examples are another classifier: the job refuses to mix their rows.
            Version = $"examples {examples.Digest}",
            Create = classifier.Create,
            Columns = ["embedding", "label", .. ExampleClassifier.Columns],
        };
    });
    BatchReport report = await job.RunAsync(new Lines(), stop.Token);
    Console.WriteLine($"{report.Rows:N0} rows, {report.BadShare:P1} of them bad, {report.RowsUnchanged:N0} unchanged.");
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
