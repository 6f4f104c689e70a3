using System.CommandLine;
using Swan.Cli.Bench;
using Swan.Cli.Options;
using Swan.MLNet.Datasets;
using Swan.MLNet.Models;

namespace Swan.Benchmarks.Commands;

/// <summary>Captions a second: all different ones, and as they come in a data set, where many are there several times.</summary>
internal static class RatesCommand
{
    private static readonly Option<string?> Beside = new("--beside") { Description = "A second model, in the same turns." };
    private static readonly Option<string> Data = new("--data") { Description = "Images and captions, JSON lines.", Required = true };
    private static readonly Option<int> Captions = SharedOptions.AtLeastOne(new NumberOption<int>("--captions")
    {
        Description = "Captions of a turn: the first of the data.", DefaultValueFactory = _ => 2000,
    });
    private static readonly Option<int> TurnCount = SharedOptions.AtLeastOne(new NumberOption<int>("--turns")
    {
        Description = $"Turns of each, after {Turns.NotCounted} that aren't counted.", DefaultValueFactory = _ => 5,
    });

    public static Command Create()
    {
        var command = new Command("rates", "Captions a second, all different and as they come in a data set.")
        {
            SharedOptions.Model, Beside, Data, SharedOptions.Images, Captions, TurnCount, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(Execute(
            [parsed.GetRequiredValue(SharedOptions.Model), .. parsed.GetValue(Beside) is { } other ? [other] : Array.Empty<string>()],
            parsed.GetRequiredValue(Data), parsed.GetRequiredValue(SharedOptions.Images), parsed.GetValue(Captions),
            parsed.GetValue(TurnCount), parsed.GetValue(SharedOptions.Json), cancellation)));
        return command;
    }

    private static int Execute(
        string[] paths, string data, string images, int count, int turns, string? json, CancellationToken cancellation)
    {
        var models = new List<SwanModel>();
        try
        {
            foreach (string path in paths) models.Add(SwanModel.Open(path));
            // Some captions are a full stop alone.
            string[] all = [.. JsonLinesReader.Read(data, images).Images
                .SelectMany(i => i.Captions).Where(models[0].HasWords)];
            string[] different = [.. all.Distinct(StringComparer.Ordinal).Take(count)], come = [.. all.Take(count)];
            Workload[] works = [.. models.Select((model, i) => (Model: model, Name: Path.GetFileNameWithoutExtension(paths[i]), Number: i))
                .SelectMany(m => (Workload[])
                [
                    Work(m.Model, $"different{m.Number}", $"{m.Name}: all different", different),
                    Work(m.Model, $"come{m.Number}", $"{m.Name}: as they come", come),
                ])];
            (Figure[] figures, double others) = Turns.Take(works, turns, _ => { }, cancellation);
            Console.WriteLine($"{different.Length} different captions; {come.Length} as they come, "
                + $"{come.Distinct(StringComparer.Ordinal).Count()} of them different; others used {others:P0} of the processors.");
            Report.Table(
                ["captions", "per second", "from", "to", "wall ms", "processor ms"],
                figures.Select(f => (string[])
                [
                    f.Name, $"{f.PerSecond:F0}", $"{f.Slowest:F0}", $"{f.Fastest:F0}", $"{f.WallMilliseconds:F3}",
                    $"{f.ProcessorMilliseconds:F3}",
                ]));
            Report.Write(json, "rates", new { turns, othersShare = others, figures });
            return 0;
        }
        finally
        {
            foreach (SwanModel model in models) model.Dispose();
        }
    }

    private static Workload Work(SwanModel model, string key, string name, string[] captions) =>
        new(key, name, captions.Length, cancellation => model.EmbedCaptions(captions, cancellationToken: cancellation));
}
