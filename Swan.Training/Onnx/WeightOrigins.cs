namespace Swan.Training.Onnx;

/// <summary>Records, while a graph is built, which constants hold trained weights, and how to get the weights back from them.</summary>
/// <remarks>
/// Folding is undone by a network that computes the same: the folded part becomes an identity (such as a batch norm that changes nothing),
/// and the part that it was folded into keeps the product. So only a builder states how weights become constants.
/// </remarks>
internal sealed class WeightOrigins
{
    private readonly List<StoredMap> _maps = [];
    private readonly List<StoredTensor> _tensors = [];
    private readonly Dictionary<string, float[]> _restored = new(StringComparer.Ordinal);

    /// <summary>Linear maps and convolutions.</summary>
    public IReadOnlyList<StoredMap> Maps => _maps;

    /// <summary>Other tensors.</summary>
    public IReadOnlyList<StoredTensor> Tensors => _tensors;

    /// <summary>What has come back so far, by its name in the network.</summary>
    public IReadOnlyDictionary<string, float[]> Restored => _restored;

    /// <summary>Notes a map.</summary>
    public void Add(StoredMap map) => _maps.Add(map);

    /// <summary>Notes a tensor.</summary>
    public void Add(StoredTensor tensor) => _tensors.Add(tensor);

    /// <summary>Takes back a tensor of the network.</summary>
    public void Restore(string name, double[] values) => _restored[name] = Array.ConvertAll(values, v => (float)v);
}

/// <summary>A map as a graph has it.</summary>
/// <param name="Weight">The weight's constant.</param>
/// <param name="Bias">The bias's constant.</param>
/// <param name="Made">What the operator with the weight makes: integer arithmetic names its constants by that.</param>
/// <param name="Sides">The weight's sides in the graph.</param>
/// <param name="Linear">Stored inputs × outputs; otherwise a kernel, outputs first.</param>
/// <param name="Before">Columns of padding before a kernel's first.</param>
/// <param name="Stride">Columns from one output of a kernel to the next.</param>
/// <param name="Back">Takes the weight, outputs first, and the bias.</param>
internal sealed record StoredMap(
    string Weight, string Bias, string Made, long[] Sides, bool Linear, int Before, int Stride, Action<double[], double[]> Back);

/// <summary>A tensor as a graph has it.</summary>
/// <param name="Constant">The constant.</param>
/// <param name="Sides">Its sides.</param>
/// <param name="Back">Takes its values.</param>
internal sealed record StoredTensor(string Constant, long[] Sides, Action<double[]> Back);

/// <summary>Where a map's weights go back to.</summary>
/// <param name="Graph">The notes on the graph that it becomes part of.</param>
/// <param name="Back">Takes the weight, outputs first, and the bias.</param>
internal sealed record MapOrigin(WeightOrigins Graph, Action<double[], double[]> Back);
