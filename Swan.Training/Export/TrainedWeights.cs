using Swan.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Export;

/// <summary>A network's tensors by their checkpoint names, read for export.</summary>
internal sealed class TrainedWeights
{
    private readonly Dictionary<string, (float[] Values, long[] Shape)> _tensors = new(StringComparer.Ordinal);

    public TrainedWeights(SwanNetwork network)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor tensor) in network.state_dict())
            _tensors[name] = (tensor.is_floating_point() ? tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray() : [], tensor.shape);
    }

    /// <summary>Keeps some rows of a table, in this order.</summary>
    public void KeepRows(string name, IReadOnlyList<int> rows)
    {
        (float[] values, long[] shape) = _tensors[name];
        int width = (int)shape[1];
        var kept = new float[rows.Count * width];
        for (int i = 0; i < rows.Count; i++) values.AsSpan(rows[i] * width, width).CopyTo(kept.AsSpan(i * width));
        _tensors[name] = (kept, [rows.Count, width]);
    }

    public bool Has(string name) => _tensors.ContainsKey(name);

    public float[] Values(string name) => _tensors[name].Values;

    public long[] Shape(string name) => _tensors[name].Shape;

    /// <summary><c>name.weight</c> with <c>name.bias</c>, or with zeros where there is none.</summary>
    public AffineMap Map(string name)
    {
        (float[] weight, long[] shape) = _tensors[name + ".weight"];
        double[] bias = _tensors.TryGetValue(name + ".bias", out var found) ? Array.ConvertAll(found.Values, v => (double)v) : new double[shape[0]];
        return new(Array.ConvertAll(weight, v => (double)v), bias, shape);
    }

    /// <summary>Batch normalisation with its running statistics: x·γ/√(σ² + ε) + β − μ·γ/√(σ² + ε).</summary>
    public ChannelScale Normalization(string name, double epsilon = 1e-5)
    {
        float[] gamma = Values(name + ".weight"), beta = Values(name + ".bias"), mean = Values(name + ".running_mean"), variance = Values(name + ".running_var");
        double[] scale = [.. gamma.Select((w, i) => w / Math.Sqrt(variance[i] + epsilon))];
        return new(scale, [.. beta.Select((b, i) => b - mean[i] * scale[i])]);
    }
}
