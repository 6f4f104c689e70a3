using Swan.Cli.Options;
using System.CommandLine;
using Swan.Benchmarks.Ranges;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.Benchmarks.Commands;

/// <summary>What percentiles make of satellite data: cosines to the 8-bit picture, and scene recall, by percentiles and by depth.</summary>
internal static class RangesCommand
{
    private const double Required = 0.995;
    private static readonly Option<string?> Model = new("--model") { Description = "The model file (.swan). Default: the one inside." };
    private static readonly Option<string> Data = new("--data") { Description = "Images and captions, JSON lines.", Required = true };
    private static readonly NumberOption<int> Count = SharedOptions.AtLeastOne(new NumberOption<int>("--count")
    {
        Description = "Images, spread evenly over the data.",
        DefaultValueFactory = _ => 400,
    });

    private static readonly SampleRange[] Candidates =
    [
        SampleRange.Percentiles(0, 100), SampleRange.Percentiles(0.1, 99.9), SampleRange.Percentiles(0.5, 99.5),
        SampleRange.Percentiles(1, 99), SampleRange.Percentiles(2, 98),
    ];

    public static Command Create()
    {
        var command = new Command("ranges", "Cosines and scene recall of pictures that were turned into 10- to 16-bit and float data.")
        {
            Model, Data, SharedOptions.Images, Count, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(Execute(
            parsed.GetValue(Model), parsed.GetRequiredValue(Data), parsed.GetRequiredValue(SharedOptions.Images),
            parsed.GetValue(Count), parsed.GetValue(SharedOptions.Json), cancellation)));
        return command;
    }

    private static int Execute(string? modelPath, string data, string folder, int count, string? json, CancellationToken cancellation)
    {
        using SwanModel model = modelPath is null ? SwanModel.OpenDefault() : SwanModel.Open(modelPath);
        CaptionedImageSet all = JsonLinesReader.Read(data, folder);
        int taken = Math.Min(count, all.Images.Count);
        CaptionedImageSet images = all.Select(Enumerable.Range(0, taken).Select(i => (int)((long)i * all.Images.Count / taken)), all.Name);
        var scenes = new MeasuredScenes(model, images, cancellation);

        Measured plain = scenes.Measure("8 bits, as they are", image => image, scenes.AsIs);
        var byPercentiles = new List<Measured> { plain };
        foreach (Sensor sensor in Sensor.Choosing)
        {
            foreach (SampleRange candidate in Candidates)
                byPercentiles.Add(scenes.Measure($"{sensor.Name}, {candidate}", sensor, candidate));
        }
        byPercentiles.Add(scenes.Measure($"{Sensor.Choosing[0].Name}, whole range", Sensor.Choosing[0], SampleRange.Full));
        Print($"{taken} images, {all.Name}", byPercentiles);
        Console.WriteLine(FormattableString.Invariant($"  unrelated scenes: mean cosine {scenes.Unrelated:F3}\n"));

        Measured[] byDepth = [.. Sensor.All.Select(s => scenes.Measure(s.Name, s, SampleRange.Default))];
        Print($"{SampleRange.Default} (default)", byDepth);
        Report.Write(json, "ranges", new { images = taken, unrelated = scenes.Unrelated, byPercentiles, byDepth });
        return byDepth.All(m => m.LeastAlike >= Required) ? 0 : 1;
    }

    private static void Print(string title, IEnumerable<Measured> rows) => Report.Table(
        [title, "alike mean", "alike least", "as is mean", "as is least", "under 0.98", "scene R@1 i→t", "scene R@1 t→i"],
        rows.Select(m => (string[])
        [
            m.Name, $"{m.MeanAlike:F4}", $"{m.LeastAlike:F4}", $"{m.MeanAsIs:F4}", $"{m.LeastAsIs:F4}", $"{m.Under:P1}",
            $"{100 * m.Scenes.ImageToTextAt1:F1}", $"{100 * m.Scenes.TextToImageAt1:F1}",
        ]));
}
