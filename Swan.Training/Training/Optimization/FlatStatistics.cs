using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>A network's batch-norm statistics as views of one tensor, and the counts of the batches seen as views of another.</summary>
internal sealed class FlatStatistics : IDisposable
{
    private readonly FlatLayout _values, _counts;
    private readonly HashSet<string> _counted;

    /// <summary>Makes each a view, with its value.</summary>
    public FlatStatistics(SwanNetwork network)
    {
        (string Name, Tensor Tensor)[] all = [.. network.named_buffers().Select(b => (b.name, b.buffer))];
        Device device = network.parameters().First().device;
        (_values, Values) = FlatLayout.Take([.. all.Where(b => b.Tensor.is_floating_point())], ScalarType.Float32, device);
        (_counts, Counts) = FlatLayout.Take([.. all.Where(b => !b.Tensor.is_floating_point())], ScalarType.Int64, device);
        _counted = [.. _counts.Names];
    }

    /// <summary>Means and variances, one dimension, float32.</summary>
    public Tensor Values { get; }

    /// <summary>How many batches each layer has seen, one dimension, int64.</summary>
    public Tensor Counts { get; }

    /// <summary>The names of all.</summary>
    public IEnumerable<string> Names => _values.Names.Concat(_counts.Names);

    /// <summary>What belongs to a name in two tensors laid out as <see cref="Values"/> and <see cref="Counts"/>.</summary>
    public Tensor View(Tensor values, Tensor counts, string name) =>
        _counted.Contains(name) ? _counts.View(counts, name) : _values.View(values, name);

    public void Dispose()
    {
        Values.Dispose();
        Counts.Dispose();
    }
}
