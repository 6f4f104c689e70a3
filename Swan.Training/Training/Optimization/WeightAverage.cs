using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>The weights' exponential moving average, which is validated and kept instead of the weights themselves.</summary>
/// <remarks>
/// Batch-norm statistics are averaged too, so that they fit the averaged weights. Early on the decay is (1 + t) / (10 + t) if that is
/// smaller, so that the random start is forgotten.
/// </remarks>
internal sealed class WeightAverage : IDisposable
{
    private readonly List<(string Name, Tensor Live, Tensor Average)> _tensors = [];
    private readonly double _decay;

    public WeightAverage(SwanNetwork network, double decay)
    {
        _decay = decay;
        using var noGradients = no_grad();
        foreach ((string name, Tensor live) in network.state_dict())
            _tensors.Add((name, live, live.detach().clone().DetachFromDisposeScope()));
    }

    /// <summary>The averaged tensors by name; still owned by this.</summary>
    public IReadOnlyDictionary<string, Tensor> State => _tensors.ToDictionary(t => t.Name, t => t.Average, StringComparer.Ordinal);

    /// <summary>Moves the average a little toward the weights.</summary>
    /// <param name="step">Steps taken so far, from 1.</param>
    public void Update(long step)
    {
        double decay = Math.Min(_decay, (1.0 + step) / (10 + step));
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach ((_, Tensor live, Tensor average) in _tensors)
        {
            if (average.is_floating_point())
                average.lerp_(live, (float)(1 - decay));
            else
                average.copy_(live);
        }
    }

    /// <summary>Takes the average from a checkpoint.</summary>
    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        using var noGradients = no_grad();
        foreach ((string name, _, Tensor average) in _tensors) average.copy_(state[name]);
    }

    /// <summary>Exchanges weights and average; a second call exchanges them back.</summary>
    public void Swap()
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach ((_, Tensor live, Tensor average) in _tensors)
        {
            Tensor kept = live.detach().clone();
            live.copy_(average);
            average.copy_(kept);
        }
    }

    public void Dispose()
    {
        foreach ((_, _, Tensor average) in _tensors)
            average.Dispose();
        _tensors.Clear();
    }
}
