using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>The weights' exponential moving average, which is validated and kept instead of the weights themselves.</summary>
/// <remarks>
/// Batch-norm statistics are averaged too, so that they fit the averaged weights, and their counts are taken. Early on the decay is
/// (1 + t) / (10 + t) if that is smaller, so that the random start is forgotten. What doesn't learn is its own average.
/// </remarks>
internal sealed class WeightAverage : IDisposable
{
    private readonly SwanNetwork _network;
    private readonly FlatParameters _parameters;
    private readonly FlatStatistics _statistics;
    private readonly Tensor _weights, _means, _counts;
    private readonly double _decay;

    /// <summary>Starts the average at the weights as they are.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">What of it learns.</param>
    /// <param name="statistics">Its batch-norm statistics.</param>
    /// <param name="decay">What stays of the average at a step, in [0, 1).</param>
    public WeightAverage(SwanNetwork network, FlatParameters parameters, FlatStatistics statistics, double decay)
    {
        (_network, _parameters, _statistics, _decay) = (network, parameters, statistics, decay);
        _weights = Copy(parameters.Values);
        _means = Copy(statistics.Values);
        _counts = Copy(statistics.Counts);

        static Tensor Copy(Tensor flat) => flat.detach().clone().DetachFromDisposeScope();
    }

    /// <summary>The averaged tensors by name: views of what this owns.</summary>
    public IReadOnlyDictionary<string, Tensor> State
    {
        get
        {
            Dictionary<string, Tensor> state = _network.state_dict();
            foreach (string name in _parameters.Names.Where(state.ContainsKey)) state[name] = _parameters.View(_weights, name);
            foreach (string name in _statistics.Names) state[name] = _statistics.View(_means, _counts, name);
            return state;
        }
    }

    /// <summary>Moves the average a little toward the weights.</summary>
    /// <param name="step">Steps taken so far, from 1.</param>
    public void Update(long step)
    {
        double decay = Math.Min(_decay, (1.0 + step) / (10 + step));
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        Tensor share = full([], 1 - decay, ScalarType.Float32, _weights.device);
        _weights.lerp_(_parameters.Values, share);
        _means.lerp_(_statistics.Values, share);
        _counts.copy_(_statistics.Counts);
    }

    /// <summary>Takes the average from a checkpoint.</summary>
    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach ((string name, Tensor average) in State) average.copy_(state[name]);
    }

    /// <summary>Exchanges weights and average; a second call exchanges them back.</summary>
    public void Swap()
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach ((Tensor live, Tensor average) in (ReadOnlySpan<(Tensor, Tensor)>)
            [(_parameters.Values, _weights), (_statistics.Values, _means), (_statistics.Counts, _counts)])
        {
            Tensor kept = live.clone();
            live.copy_(average);
            average.copy_(kept);
        }
    }

    public void Dispose()
    {
        _weights.Dispose();
        _means.Dispose();
        _counts.Dispose();
    }
}
