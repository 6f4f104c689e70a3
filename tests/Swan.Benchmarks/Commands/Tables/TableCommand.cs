using System.CommandLine;
using Swan.Benchmarks.Tables;
using Swan.Cli.Bench;
using Swan.Cli.Doctor;

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
        var use = new ProcessorUse();
        var rows = new List<string[]>();
        Measured small = Measured.By(
            folder, "pipeline", "pipeline", "--model", model, "--beside", integer, "--images", images, "--rows", "600");
        rows.Add(["bare encoder as we run it, images/s", $"{small.Row("contenders", "kind", "bare", "rate"):F0}",
            $"{small["ratios/bareOverOneRun"]:F2} × one run of all threads"]);
        rows.Add(["pipeline beyond bare encoder and decoding, processor ms a row", $"{small["ratios/beyondMilliseconds"]:F2}",
            $"{small["ratios/ofBareAndDecoding"]:P0} of their rows/s"]);
        rows.Add(["pipeline beside stock ML.NET", $"{small["ratios/overStock"]:F2} ×", ""]);
        rows.Add(["image tower in int8, one thread a run", $"{small["ratios/otherBareOverBare"]:F2} × float32",
            $"{small["ratios/processorBareOverOther"]:F2} × by processor time"]);
        rows.Add(["pipeline in int8 beside stock ML.NET in float32", $"{small["ratios/otherOverStock"]:F2} ×", ""]);
        if (large is not null && largeInteger is not null)
        {
            Measured resnet = Measured.By(
                folder, "resnet50", "pipeline", "--model", large, "--beside", largeInteger, "--images", images, "--rows", "80");
            rows.Add(["the same with ResNet-50", $"{resnet["ratios/otherOverStock"]:F2} ×",
                $"in float32 {resnet["ratios/overStock"]:F2} ×"]);
        }

        Measured decoding = Measured.By(folder, "decoding", "decoding", "--images", images);
        double Scaled(int side) => decoding.Row("rows", "name", $"Jpeg {side}×{side}", "scaled");
        double encoder = small.Row("contenders", "kind", "otherBare", "processorMilliseconds");
        rows.Add(["decoding and resizing a JPEG of 224×224, processor ms", $"{Scaled(224):F2}", ""]);
        rows.Add(["JPEGs of 1024×1024 in int8, processor ms a row", $"{Scaled(1024) + encoder:F1}", "decoding scaled, and bare encoder"]);
        rows.Add(["JPEGs of 5000×5000 in int8, processor ms a row", $"{Scaled(5000) + encoder:F0}", "decoding scaled, and bare encoder"]);

        Measured rates = Measured.By(
            folder, "rates", "rates", "--model", integer, "--beside", model, "--data", data, "--images", images);
        double Rate(string key) => rates.Row("figures", "key", key, "perSecond");
        rows.Add(["captions/s in int8, all different", $"{Rate("different0"):F0}", $"in float32 {Rate("different1"):F0}"]);
        rows.Add(["captions/s in int8, as they come", $"{Rate("come0"):F0}", $"in float32 {Rate("come1"):F0}"]);

        Console.WriteLine($"\n{Environment.ProcessorCount} × {Processor.Name}; others used {use.OthersShare():P0} of the processors.");
        Report.Table(["", "figure", ""], rows);
    }
}
