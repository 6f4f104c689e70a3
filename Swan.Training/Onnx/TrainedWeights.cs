using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Onnx;

/// <summary>A network's tensors by their checkpoint names, read for export.</summary>
internal sealed class TrainedWeights
{
    private readonly Dictionary<string, (float[] Values, long[] Shape)> _tensors;
    private readonly string _prefix = "";

    public TrainedWeights(nn.Module network)
    {
        _tensors = new(StringComparer.Ordinal);
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor tensor) in network.state_dict())
        {
            _tensors[name] = (tensor.is_floating_point()
                ? tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray()
                : [], tensor.shape);
        }
    }

    private TrainedWeights(TrainedWeights whole, string module) => (_tensors, _prefix) = (whole._tensors, $"{whole._prefix}{module}.");

    /// <summary>The same tensors for one module, which knows them by its own names.</summary>
    /// <param name="module">The module's checkpoint name, such as <c>image_encoder.resnet</c>.</param>
    public TrainedWeights Under(string module) => new(this, module);

    /// <summary>Keeps some rows of a table, in this order.</summary>
    public void KeepRows(string name, IReadOnlyList<int> rows)
    {
        (float[] values, long[] shape) = _tensors[_prefix + name];
        int width = (int)shape[1];
        var kept = new float[rows.Count * width];
        for (int i = 0; i < rows.Count; i++) values.AsSpan(rows[i] * width, width).CopyTo(kept.AsSpan(i * width));
        _tensors[_prefix + name] = (kept, [rows.Count, width]);
    }

    public bool Has(string name) => _tensors.ContainsKey(_prefix + name);

    public float[] Values(string name) => _tensors[_prefix + name].Values;

    public long[] Shape(string name) => _tensors[_prefix + name].Shape;

    /// <summary><c>name.weight</c> with <c>name.bias</c>, or with zeros where there is none.</summary>
    public AffineMap Map(string name)
    {
        (float[] weight, long[] shape) = _tensors[$"{_prefix}{name}.weight"];
        double[] bias = _tensors.TryGetValue($"{_prefix}{name}.bias", out var found)
            ? Array.ConvertAll(found.Values, v => (double)v) : new double[shape[0]];
        return new(Array.ConvertAll(weight, v => (double)v), bias, shape);
    }

    /// <summary>Batch normalization with its running statistics: x·γ/√(σ² + ε) + β − μ·γ/√(σ² + ε).</summary>
    public ChannelScale Normalization(string name, double epsilon = 1e-5)
    {
        float[] gamma = Values(name + ".weight"), beta = Values(name + ".bias");
        float[] mean = Values(name + ".running_mean"), variance = Values(name + ".running_var");
        double[] scale = [.. gamma.Select((w, i) => w / Math.Sqrt(variance[i] + epsilon))];
        return new(scale, [.. beta.Select((b, i) => b - mean[i] * scale[i])]);
    }
}
