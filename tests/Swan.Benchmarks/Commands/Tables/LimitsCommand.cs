using System.CommandLine;
using Microsoft.ML.OnnxRuntime;
using Swan.Benchmarks.Limits;
using Swan.MLNet.Encoders;
using Swan.MLNet.ModelFiles;

namespace Swan.Benchmarks.Commands;

/// <summary>What the processors reach at most, and how near to it each operator of a model's towers is.</summary>
internal static class LimitsCommand
{
    private const double Billion = 1e9;
    private const int Images = 8, Captions = 32, Tokens = 13, Shown = 8, MostWords = 1000;

    public static Command Create()
    {
        var command = new Command("limits", "Peak rates of arithmetic and memory, and what each operator of a model reaches of them.")
        {
            SharedOptions.Model, SharedOptions.Json,
        };
        command.SetAction(parsed => Execute(parsed.GetRequiredValue(SharedOptions.Model), parsed.GetValue(SharedOptions.Json)));
        return command;
    }

    private static void Execute(string path, string? json)
    {
        SwanModelFile file = SwanModelFile.Read(path);
        (double One, double All) floats = PeakRates.FloatProducts(), reading = PeakRates.Reading();
        (double One, double All)? bytes = PeakRates.ByteProducts();
        Report.Table(
            ["at most", "one thread", "all threads"],
            [
                ["float32 products, 10⁹/s", $"{floats.One / Billion:F0}", $"{floats.All / Billion:F0}"],
                ["byte products by 256 bits, 10⁹/s", $"{bytes?.One / Billion:F0}", $"{bytes?.All / Billion:F0}"],
                ["read from memory, GB/s", $"{reading.One / Billion:F1}", $"{reading.All / Billion:F1}"],
            ]);
        OperatorTime[] image = Image(file), text = Text(file);
        Print($"image tower, {Images} images a run", image, floats.One);
        if (file.Card.Compute == SwanComputePrecision.Int8)
        {
            Console.WriteLine(
                "  Products are those that are computed. The first layers take several columns of pixels together, and kernels over such "
                + "groups are mostly zeros, which count.");
        }
        Print($"text tower, {Captions} captions of {Tokens} tokens a run", text, floats.One);
        Report.Write(json, "limits", new
        {
            model = file.Card.Name, floatProducts = Pair(floats), byteProducts = bytes is { } b ? Pair(b) : null, readBytes = Pair(reading),
            image, text,
        });
    }

    private static object Pair((double One, double All) rates) => new { rates.One, rates.All };

    private static OperatorTime[] Image(SwanModelFile file)
    {
        int side = file.Card.Image.Size;
        byte[] pixels = new byte[Images * file.Card.Image.ByteCount];
        new Random(0).NextBytes(pixels);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, pixels.AsMemory(), [Images, side, side, 3]);
        return TowerProfile.Of(
            file.Entry(ModelArchive.ImageEntry), new Dictionary<string, OrtValue> { [ImageEncoder.InputName] = input }, Images);
    }

    private static OperatorTime[] Text(SwanModelFile file)
    {
        var random = new Random(0);
        int words = Math.Min(MostWords, file.Card.Text.VocabularySize);
        long[] ids = [.. Enumerable.Range(0, Captions * Tokens).Select(_ => (long)random.Next(1, words))];
        long[] lengths = [.. Enumerable.Repeat((long)Tokens, Captions)];
        using OrtValue first = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, ids.AsMemory(), [Captions, Tokens]),
            second = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, lengths.AsMemory(), [Captions]);
        return TowerProfile.Of(
            file.Entry(ModelArchive.TextEntry), new Dictionary<string, OrtValue> { ["ids"] = first, ["lengths"] = second }, Captions);
    }

    private static void Print(string title, OperatorTime[] operators, double peak)
    {
        double all = operators.Sum(o => o.Milliseconds), products = operators.Sum(o => o.Products);
        Console.WriteLine();
        Report.Table(
            [$"{title}, one thread", "nodes", "ms each", "share", "10⁶ products", "10⁹ products/s", "of float32's peak"],
            [
                .. operators.Take(Shown).Select(o => Row(o.Operator, o.Nodes, o.Milliseconds, o.Products)),
                Row("others", operators.Skip(Shown).Sum(o => o.Nodes), operators.Skip(Shown).Sum(o => o.Milliseconds),
                    operators.Skip(Shown).Sum(o => o.Products)),
                Row("all", operators.Sum(o => o.Nodes), all, products),
            ]);

        string[] Row(string name, int nodes, double milliseconds, double count) =>
        [
            name, $"{nodes}", $"{milliseconds:F3}", $"{milliseconds / all:P0}", count > 0 ? $"{count / 1e6:F1}" : "",
            count > 0 ? $"{count / milliseconds / 1e6:F0}" : "", count > 0 ? $"{1000 * count / milliseconds / peak:P0}" : "",
        ];
    }
}
