using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>All parameters that learn as views of one tensor, and their gradients as views of another.</summary>
/// <remarks>
/// A step of the optimizer, clipping, averaging and zeroing are then a few operations on long tensors instead of some on each of hundreds.
/// Backpropagation adds to an existing gradient, so it fills the long one. Setting a parameter's gradient to another tensor removes the
/// parameter from training.
/// </remarks>
internal sealed class FlatParameters : IDisposable
{
    private readonly FlatLayout _layout;

    /// <summary>Makes each parameter a view, with its value, and with a gradient of 0.</summary>
    /// <param name="groups">At least one parameter in all; no two have one name.</param>
    public FlatParameters(IReadOnlyList<ParameterGroup> groups)
    {
        (string Name, Parameter Parameter)[] all = [.. groups.SelectMany(g => g.Parameters)];
        (_layout, Values) = FlatLayout.Take(
            [.. all.Select(p => (p.Name, (Tensor)p.Parameter))], ScalarType.Float32, all[0].Parameter.device);
        Gradients = Zeros();
        foreach ((string name, Parameter parameter) in all)
        {
            using Tensor gradient = _layout.View(Gradients, name);
            parameter.grad = gradient;
        }
        Count = all.Sum(p => p.Parameter.numel());
        long[] starts = [.. groups.Select(g => _layout.StartOf(g.Parameters[0].Name)), _layout.Length];
        Ranges = [.. groups.Select((g, i) => new FlatRange(starts[i], starts[i + 1] - starts[i], g.Rate, g.Decay))];
    }

    /// <summary>All values, one dimension, float32.</summary>
    public Tensor Values { get; }

    /// <summary>All gradients, laid out as <see cref="Values"/>.</summary>
    public Tensor Gradients { get; }

    /// <summary>How many numbers learn; the long tensors have some more, which are 0.</summary>
    public long Count { get; }

    /// <summary>The groups' places, one after the other without a gap.</summary>
    public IReadOnlyList<FlatRange> Ranges { get; }

    /// <summary>The parameters' names, in the order in which they lie.</summary>
    public IEnumerable<string> Names => _layout.Names;

    /// <summary>The part of a tensor laid out as <see cref="Values"/> that belongs to a parameter, in its shape.</summary>
    public Tensor View(Tensor flat, string name) => _layout.View(flat, name);

    /// <summary>Zeros laid out as <see cref="Values"/>. The caller owns them.</summary>
    public Tensor Zeros() => zeros_like(Values).DetachFromDisposeScope();

    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }
}
