using Swan.MLNet.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Onnx;

/// <summary>A network's tensors by their checkpoint names, read for export.</summary>
internal sealed class TrainedWeights
{
    private readonly Dictionary<string, (float[] Values, long[] Shape)> _tensors;
    private readonly string _prefix = "";
    private readonly WeightOrigins? _origins;

    /// <summary>Reads a network.</summary>
    /// <param name="network">Not changed.</param>
    /// <param name="origins">Notes what becomes of the tensors; null where nobody will read them back.</param>
    public TrainedWeights(nn.Module network, WeightOrigins? origins = null)
    {
        _origins = origins;
        _tensors = new(StringComparer.Ordinal);
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor tensor) in network.state_dict())
        {
            _tensors[name] = (tensor.is_floating_point()
                ? tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray()
                : [], tensor.shape);
        }
    }

    private TrainedWeights(TrainedWeights whole, string module) =>
        (_tensors, _prefix, _origins) = (whole._tensors, $"{whole._prefix}{module}.", whole._origins);

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
        return new(Array.ConvertAll(weight, v => (double)v), bias, shape)
        {
            Origin = _origins is null ? null : new(_origins, (read, readBias) =>
            {
                _origins.Restore($"{_prefix}{name}.weight", read);
                if (Has($"{name}.bias")) _origins.Restore($"{_prefix}{name}.bias", readBias);
            }),
        };
    }

    /// <summary>A tensor as a constant.</summary>
    public string Constant(OnnxGraph g, string name) =>
        Constant(g, Array.ConvertAll(Values(name), v => (double)v), Shape(name), read => Restore(name, read));

    /// <summary>A constant made of tensors.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="values">The constant's.</param>
    /// <param name="sides">The constant's.</param>
    /// <param name="back">Takes values of the constant, to restore the tensors (<see cref="Restore"/>).</param>
    public string Constant(OnnxGraph g, double[] values, long[] sides, Action<double[]> back)
    {
        string constant = g.Constant(values.AsSpan(), sides);
        _origins?.Add(new StoredTensor(constant, sides, back));
        return constant;
    }

    /// <summary>Gives a tensor values that were read back.</summary>
    public void Restore(string name, double[] values) => _origins!.Restore(_prefix + name, values);

    /// <summary>Batch normalization with its running statistics: x·γ/√(σ² + ε) + β − μ·γ/√(σ² + ε).</summary>
    public ChannelScale Normalization(string name, double epsilon = 1e-5)
    {
        float[] gamma = Values(name + ".weight"), beta = Values(name + ".bias");
        float[] mean = Values(name + ".running_mean"), variance = Values(name + ".running_var");
        double[] scale = [.. gamma.Select((w, i) => w / Math.Sqrt(variance[i] + epsilon))];
        return new(scale, [.. beta.Select((b, i) => b - mean[i] * scale[i])], _origins is null ? null : shift =>
        {
            Restore(name + ".weight", [.. shift.Select(_ => Math.Sqrt(1 + epsilon))]);
            Restore(name + ".bias", shift);
            Restore(name + ".running_mean", new double[shift.Length]);
            Restore(name + ".running_var", [.. shift.Select(_ => 1.0)]);
        });
    }
}
