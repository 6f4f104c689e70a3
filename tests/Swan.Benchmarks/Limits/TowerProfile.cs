using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Swan.MLNet;
using Swan.MLNet.Encoders;

namespace Swan.Benchmarks.Limits;

/// <summary>Profiles one tower with one thread: time and products by kind of operator, as ONNX Runtime's own profiler has them.</summary>
internal static class TowerProfile
{
    private const int Warm = 3, Runs = 20;

    /// <summary>Runs it.</summary>
    /// <param name="onnx">The tower.</param>
    /// <param name="inputs">Of a run, by name.</param>
    /// <param name="rows">Images or captions of a run.</param>
    /// <returns>The longest first.</returns>
    public static OperatorTime[] Of(byte[] onnx, IReadOnlyDictionary<string, OrtValue> inputs, int rows)
    {
        // Weights that ONNX Runtime has packed have no shapes in a profile.
        Dictionary<string, double> products = Profile(onnx, inputs, 1, isPacked: false)
            .ToDictionary(node => node.Key, node => Products(node.First().Arguments));
        return [.. Profile(onnx, inputs, Warm + Runs, isPacked: true)
            .Select(node => (
                node.First().Operator,
                // The first runs take memory and measure what to choose.
                Milliseconds: Report.Median(node.Skip(Warm * node.Count() / (Warm + Runs)).Select(e => e.Microseconds)) / 1000,
                Products: products.GetValueOrDefault(node.Key)))
            .GroupBy(n => n.Operator)
            .Select(g => new OperatorTime(g.Key, g.Count(), g.Sum(n => n.Milliseconds) / rows, g.Sum(n => n.Products) / rows))
            .OrderByDescending(o => o.Milliseconds)];
    }

    private static IGrouping<string, Execution>[] Profile(
        byte[] onnx, IReadOnlyDictionary<string, OrtValue> inputs, int runs, bool isPacked)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("swan-benchmarks-");
        try
        {
            using SessionOptions options = EncoderDevice.Options(new EncoderOptions(SwanDevice.Cpu));
            options.IntraOpNumThreads = 1;
            options.ProfileOutputPathPrefix = Path.Combine(folder.FullName, "profile"); // is read when profiling is switched on
            options.EnableProfiling = true;
            if (!isPacked) options.AddSessionConfigEntry("session.disable_prepacking", "1");
            using var session = new InferenceSession(onnx, options);
            using var run = new RunOptions();
            for (int i = 0; i < runs; i++)
            {
                using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, inputs, [EncoderSession.OutputName]);
            }
            using JsonDocument profile = JsonDocument.Parse(File.ReadAllText(session.EndProfiling()));
            return [.. profile.RootElement.EnumerateArray()
                .Where(e => e.GetProperty("cat").GetString() == "Node"
                    && e.GetProperty("name").GetString()!.EndsWith("_kernel_time", StringComparison.Ordinal))
                .Select(e => new Execution(
                    e.GetProperty("name").GetString()!, e.GetProperty("args").GetProperty("op_name").GetString()!,
                    e.GetProperty("dur").GetDouble(), e.GetProperty("args").Clone()))
                .GroupBy(e => e.Node)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Of convolutions and matrix products, those with zeros of a kernel too: a profile has shapes and no weights. The kernel of a
    // convolution is the second value with four sides.
    private static double Products(JsonElement arguments)
    {
        string name = arguments.GetProperty("op_name").GetString()!;
        long[][] inputs = Shapes(arguments.GetProperty("input_type_shape")), outputs = Shapes(arguments.GetProperty("output_type_shape"));
        if (outputs.Length == 0 || inputs.Length < 2) return 0;
        double results = outputs[0].Aggregate(1.0, (all, side) => all * side);
        if (name.Contains("Conv", StringComparison.Ordinal))
        {
            long[][] pictures = [.. inputs.Where(s => s.Length == 4)];
            return pictures.Length < 2 ? 0 : results * pictures[1][1] * pictures[1][2] * pictures[1][3];
        }
        bool isProduct = name.Contains("MatMul", StringComparison.Ordinal) || name.Contains("Gemm", StringComparison.Ordinal);
        return isProduct && inputs[0].Length > 0 ? results * inputs[0][^1] : 0;
    }

    private static long[][] Shapes(JsonElement typed) =>
        [.. typed.EnumerateArray().Select(t => t.EnumerateObject().First().Value.EnumerateArray().Select(s => s.GetInt64()).ToArray())];

    private sealed record Execution(string Node, string Operator, double Microseconds, JsonElement Arguments);
}
