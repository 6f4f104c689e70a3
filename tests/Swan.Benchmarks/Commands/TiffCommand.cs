using Swan.Cli.Options;
using System.CommandLine;
using System.Diagnostics;
using Swan.MLNet.Imaging;

namespace Swan.Benchmarks.Commands;

/// <summary>What windows of a large TIFF cost: time, and memory beside the window.</summary>
internal static class TiffCommand
{
    private const int Seed = 20;

    public static Command Create()
    {
        var image = new Option<string>("--image") { Description = "The TIFF.", Required = true };
        var side = SharedOptions.AtLeastOne(
            new NumberOption<int>("--window") { Description = "Columns and rows of a window.", DefaultValueFactory = _ => 512 });
        var count = SharedOptions.AtLeastOne(
            new NumberOption<int>("--count") { Description = "Windows at random places.", DefaultValueFactory = _ => 50 });
        var command = new Command("tiff", "Time and memory of windows of a TIFF, all bands, in its own type.")
        {
            image, side, count, SharedOptions.Json,
        };
        command.SetAction(parsed => Execute(
            parsed.GetRequiredValue(image), parsed.GetValue(side), parsed.GetValue(count), parsed.GetValue(SharedOptions.Json)));
        return command;
    }

    private static void Execute(string image, int side, int count, string? json)
    {
        var watch = Stopwatch.StartNew();
        using TiffFile file = TiffFile.Open(File.OpenRead(image), image);
        double open = watch.Elapsed.TotalMilliseconds;
        TiffFields fields = file.Image.Fields;
        int[] bands = [.. Enumerable.Range(0, fields.Samples)];
        var random = new Random(Seed);
        var times = new double[count];
        long before = GC.GetTotalAllocatedBytes(), bytes = 0;
        for (int i = 0; i < count; i++)
        {
            (int width, int height) = (Math.Min(side, fields.Width), Math.Min(side, fields.Height));
            var window = new PixelWindow(random.Next(fields.Width - width + 1), random.Next(fields.Height - height + 1), width, height);
            watch.Restart();
            bytes = file.Image.Read(window, bands).Samples.Length;
            times[i] = watch.Elapsed.TotalMilliseconds;
        }

        long allocated = (GC.GetTotalAllocatedBytes() - before) / count, peak = Process.GetCurrentProcess().PeakWorkingSet64;
        (int chunkWidth, int chunkHeight) = file.Image.Chunk;
        Console.WriteLine($"  {fields.Width}×{fields.Height}×{fields.Samples}, {fields.SampleType}, chunks of {chunkWidth}×{chunkHeight}");
        Report.Table(["window", "median", "slowest", "window's bytes", "allocated for it", "peak of the process"],
        [
            [
                $"{side}×{side}", $"{Report.Median(times):F1} ms", $"{times.Max():F1} ms", Report.Megabytes(bytes),
                Report.Megabytes(allocated), Report.Megabytes(peak),
            ],
        ]);
        Report.Write(
            json, "tiff", new { image, fields.Width, fields.Height, side, open, median = Report.Median(times), bytes, allocated, peak });
    }
}
