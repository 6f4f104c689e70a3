using System.CommandLine;
using System.Text.Json.Nodes;
using Swan.Benchmarks.Tables;
using Swan.Cli.Doctor;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;

namespace Swan.Benchmarks.Commands;

/// <summary>Everything about speed in one table: runs the other commands one after the other.</summary>
internal static class TableCommand
{
    private static readonly Option<string> Integer = new("--int8") { Description = "The model with int8 arithmetic.", Required = true };
    private static readonly Option<string?> Large = new("--resnet") { Description = "A model with ResNet-50." };
    private static readonly Option<string?> LargeInteger = new("--resnet-int8") { Description = "The same with int8 arithmetic." };
    private static readonly Option<string> Data = new("--data") { Description = "Images and captions, JSON lines.", Required = true };
    private static readonly Option<string> Out = new("--out")
    {
        Description = "Folder for the figures of each command.", Required = true,
    };

    public static Command Create()
    {
        var command = new Command("table", "Everything about speed in one table, from the other commands.")
        {
            SharedOptions.Model, Integer, Large, LargeInteger, Data, SharedOptions.Images, Out,
        };
        command.SetAction(parsed => Execute(
            parsed.GetRequiredValue(SharedOptions.Model), parsed.GetRequiredValue(Integer), parsed.GetValue(Large),
            parsed.GetValue(LargeInteger), parsed.GetRequiredValue(Data), parsed.GetRequiredValue(SharedOptions.Images),
            parsed.GetRequiredValue(Out)));
        return command;
    }

    private static void Execute(
        string model, string integer, string? large, string? largeInteger, string data, string images, string folder)
    {
        Directory.CreateDirectory(folder);
        var rows = new List<string[]>();
        var commands = new List<Measured>();
        Measured By(string name, params string[] arguments)
        {
            commands.Add(Measured.By(folder, name, arguments));
            return commands[^1];
        }

        // So many rows that what is compiled in the first seconds doesn't matter.
        Measured small = By("pipeline", "pipeline", "--model", model, "--beside", integer, "--images", images, "--rows", "3000");
        AddPipeline(rows, small);
        if (large is not null && largeInteger is not null)
        {
            Measured resnet = By(
                "resnet50", "pipeline", "--model", large, "--beside", largeInteger, "--images", images, "--rows", "320");
            rows.Add(["the same with ResNet-50", $"{resnet["ratios/otherOverStock"]:F2} ×",
                $"in float32 {resnet["ratios/overStock"]:F2} ×"]);
        }
        ImagePreprocessing input = SwanModelFile.Read(integer).Card.Image;
        AddDecoding(
            rows, By("decoding", "decoding", "--images", images, "--input", $"{input.Size}"), input.Decode == ImageDecode.Scaled,
            small.Row("contenders", "kind", "otherBare", "processorMilliseconds"));
        AddCaptions(rows, By("rates", "rates", "--model", integer, "--beside", model, "--data", data, "--images", images));
        AddSearch(rows, By("search", "search"));
        Measured inside = By("start", "start"), second = By("start-int8", "start", "--model", integer);
        AddStart(rows, inside, "the model inside");
        AddStart(rows, second, "the int8 model");

        // This process has only waited: each command knows what others took beside it and the processes that it began.
        Console.WriteLine($"\n{Environment.ProcessorCount} × {MachineLimits.ProcessorName}; others used at most "
            + $"{commands.Max(c => c.OthersShare):P0} of the processors in a measurement (starts not counted).");
        Report.Table(["", "figure", ""], rows);
    }

    private static void AddPipeline(List<string[]> rows, Measured small)
    {
        rows.Add(["bare encoder as we run it, images/s", $"{small.Row("contenders", "kind", "bare", "rate"):F0}",
            $"{small["ratios/bareOverOneRun"]:F2} × one run of all threads"]);
        rows.Add(["pipeline beyond bare encoder and decoding, processor ms a row", $"{small["ratios/beyondMilliseconds"]:F2}",
            $"{small["ratios/ofBareAndDecoding"]:P0} of their rows/s"]);
        rows.Add(["pipeline beside stock ML.NET", $"{small["ratios/overStock"]:F2} ×", ""]);
        rows.Add(["image tower in int8, one thread a run", $"{small["ratios/otherBareOverBare"]:F2} × float32",
            $"{small["ratios/processorBareOverOther"]:F2} × by processor time"]);
        rows.Add(["pipeline in int8 beside stock ML.NET in float32", $"{small["ratios/otherOverStock"]:F2} ×", ""]);
    }

    private static void AddDecoding(List<string[]> rows, Measured decoding, bool scaled, double encoder)
    {
        double Cost(int side) => decoding.Row("rows", "name", $"Jpeg {side}×{side}", scaled ? "scaled" : "full");
        string how = scaled ? "decoding scaled" : "decoding in full";
        rows.Add(["decoding and resizing a JPEG of 224×224, processor ms", $"{Cost(224):F2}", how]);
        foreach (int side in (int[])[1024, 5000])
        {
            rows.Add([$"JPEGs of {side}×{side} in int8, processor ms a row, at least", $"{Cost(side) + encoder:F1}",
                $"{how}, and bare encoder"]);
        }
    }

    private static void AddCaptions(List<string[]> rows, Measured rates)
    {
        double Rate(string key) => rates.Row("figures", "key", key, "perSecond");
        rows.Add(["captions/s in int8, all different", $"{Rate("different0"):F0}", $"in float32 {Rate("different1"):F0}"]);
        rows.Add(["captions/s in int8, as they come", $"{Rate("come0"):F0}", $"in float32 {Rate("come1"):F0}"]);
    }

    private static void AddSearch(List<string[]> rows, Measured search)
    {
        double Latency(string name, string field) => search.Row("latencies", field, ("name", name), ("load", "50/s offered"));
        double Share(int threads) => search.Row(
            "rates", "share", ("name", "dot products, Swan"), ("threads", $"{threads}"), ("queries", "1"));
        rows.Add(["one query against 100,000 rows at 50/s: p50 / p99, ms", $"{Latency("Swan", "p50"):F1} / {Latency("Swan", "p99"):F1}",
            $"version 0.1 {Latency("version 0.1", "p50"):F1} / {Latency("version 0.1", "p99"):F1}"]);
        rows.Add(["search kernel, one query, of the read rate", $"{Share(Environment.ProcessorCount):P0}", $"one thread {Share(1):P0}"]);
    }

    private static void AddStart(List<string[]> rows, Measured start, string model)
    {
        double Resident(string kind) => start.Rows($"medians/{kind}").Last()["resident"]!.GetValue<double>() / (1 << 20);
        double first = 0;
        foreach (JsonNode phase in start.Rows("medians/First"))
        {
            first += phase["wall"]!.GetValue<double>();
            if (phase["name"]!.GetValue<string>() == "first caption") break;
        }
        rows.Add([$"process start to first caption, ms, {model}", $"{first:F0}", ""]);
        rows.Add([$"MB resident, searching by text / both towers and a pool, {model}", $"{Resident("Search"):F0} / {Resident("Pool"):F0}",
            "a second after the first answer"]);
    }
}
