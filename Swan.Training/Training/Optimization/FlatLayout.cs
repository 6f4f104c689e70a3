using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>Where each of many tensors lies within one long tensor.</summary>
/// <remarks>
/// Each starts at a multiple of 64 bytes, as a tensor of its own would: where numbers lie decides how a matrix product sums them. What
/// lies between two is 0 and stays so. Immutable.
/// </remarks>
internal sealed class FlatLayout
{
    private const int Alignment = 64;
    private readonly Dictionary<string, FlatPlace> _places = new(StringComparer.Ordinal);

    private FlatLayout(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        foreach ((string name, Tensor tensor) in tensors)
        {
            var place = new FlatPlace(Length, tensor.shape);
            _places.Add(name, place);
            Length += (place.Length * tensor.ElementSize + Alignment - 1) / Alignment * Alignment / tensor.ElementSize;
        }
    }

    /// <summary>Numbers of the long tensor.</summary>
    public long Length { get; }

    /// <summary>The tensors' names, in the order in which they lie.</summary>
    public IEnumerable<string> Names => _places.Keys;

    /// <summary>Moves tensors of one type and device into a long one; each of them is a view of it from then on.</summary>
    /// <param name="tensors">Modules that hold them see no difference.</param>
    /// <param name="type">Their type.</param>
    /// <param name="device">Their device.</param>
    /// <returns>The layout and the long tensor, which the caller owns.</returns>
    public static (FlatLayout Layout, Tensor Flat) Take(
        IReadOnlyList<(string Name, Tensor Tensor)> tensors, ScalarType type, Device device)
    {
        using var noGradients = no_grad();
        var layout = new FlatLayout(tensors);
        Tensor flat = zeros(layout.Length, type, device).DetachFromDisposeScope();
        foreach ((string name, Tensor tensor) in tensors)
        {
            using var scope = NewDisposeScope();
            Tensor place = layout.View(flat, name);
            place.copy_(tensor);
            tensor.set_(place);
        }
        return (layout, flat);
    }

    /// <summary>The part of a long tensor that has this layout, in the shape of the tensor of that name.</summary>
    public Tensor View(Tensor flat, string name)
    {
        FlatPlace place = _places[name];
        using Tensor part = flat.narrow(0, place.Start, place.Length);
        return part.view(place.Shape);
    }

    /// <summary>Where the tensor of that name begins.</summary>
    public long StartOf(string name) => _places[name].Start;

    private sealed record FlatPlace(long Start, long[] Shape)
    {
        public long Length { get; } = Shape.Aggregate(1L, (product, side) => product * side);
    }
}
