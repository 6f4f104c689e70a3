using Microsoft.ML.OnnxRuntime;
using Swan.Training.Export;

namespace Swan.Training.Tests.Export;

/// <summary>What ONNX Runtime makes of the graphs: pairs that it doesn't fuse are slower than float32.</summary>
public sealed class FusedKernelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Convolutions_and_sums_become_integer_kernels()
    {
        string kernels = Optimized(IntegerTowers.Rewrite(IntegerTowers.Convolutions()));

        // Pixels' scaling is one convolution more.
        Assert.Equal("DequantizeLinear QLinearAdd QLinearConv×5 ReduceMean Transpose", kernels);
    }

    [Fact]
    public void Products_become_integer_kernels_and_enlarging_moves_bytes()
    {
        string kernels = Optimized(IntegerTowers.Rewrite(IntegerTowers.Products()));

        // Each crossing between bytes and float32 once: what the convolutions made, and the product's input.
        Assert.Equal(
            "Add DequantizeLinear Gemm MatMul×2 MatMulIntegerToFloat QLinearConv×3 QuantizeLinear ReduceMean Relu Reshape Resize Transpose",
            kernels);
    }

    [Fact]
    public void Columns_taken_together_cost_no_moved_bytes()
    {
        string kernels = Optimized(IntegerTowers.RewriteWide(IntegerTowers.Strided(3, 2, [1, 1, 1, 1])),
            GraphOptimizationLevel.ORT_ENABLE_ALL);

        // The one transposition is that of the result's means.
        Assert.Equal("DequantizeLinear QLinearConv×3 ReduceMean Reshape×3 Transpose", kernels);
    }

    private string Optimized(byte[] model, GraphOptimizationLevel level = GraphOptimizationLevel.ORT_ENABLE_EXTENDED)
    {
        string path = _folder.File("optimized.onnx");
        using (var options = new SessionOptions
        {
            OptimizedModelFilePath = path, GraphOptimizationLevel = level,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        })
        using (new InferenceSession(model, options))
        {
        }
        return string.Join(' ', new TowerGraph(File.ReadAllBytes(path)).Nodes.CountBy(n => n.Op)
            .OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => n.Value == 1 ? n.Key : $"{n.Key}×{n.Value}"));
    }
}
