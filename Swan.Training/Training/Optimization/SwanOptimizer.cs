using Swan.Training.Network;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>
/// Adam or AdamW over what learns: a rate for the backbone and one for the rest, decay for weights with two or more dimensions only.
/// </summary>
/// <remarks>
/// Adam is AdamW without decay. From its making on, parameters and their gradients are views of <see cref="Parameters"/>; the optimizer
/// owns these, and the parameters outlive it.
/// </remarks>
internal sealed class SwanOptimizer : IDisposable
{
    internal const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    // As in PyTorch, so that a norm of 0 divides nothing by 0.
    private const double ClipEpsilon = 1e-6;
    private readonly IReadOnlyList<ParameterGroup> _groups;
    private readonly OptimizerKind _kind;
    private readonly Tensor _first, _second;
    private readonly AdamBlock[] _blocks;
    private long _steps;

    private SwanOptimizer(IReadOnlyList<ParameterGroup> groups, OptimizerKind kind)
    {
        (_groups, _kind) = (groups, kind);
        using var noGradients = no_grad();
        Parameters = new FlatParameters(groups);
        _first = Parameters.Zeros();
        _second = Parameters.Zeros();
        _blocks = AdamBlock.Cut(Parameters, _first, _second);
    }

    /// <summary>Makes the optimizer of a network and of what a loss learns.</summary>
    /// <param name="network">On the device where it trains.</param>
    /// <param name="lossParameters">What the loss learns, such as a scale; none of it decays.</param>
    /// <param name="options">Its kind, the rates and the decay.</param>
    public static SwanOptimizer Create(
        SwanNetwork network, IEnumerable<(string Name, Parameter Parameter)> lossParameters, SwanTrainerOptions options)
    {
        var backbone = network.BackboneParameters().Select(p => p.Handle).ToHashSet();
        var text = network.PretrainedTextParameters().Select(p => p.Handle).ToHashSet();
        var groups = new List<ParameterGroup>();
        (string Name, Parameter Parameter)[] learning = [.. network.LearningParameters()];
        Add(p => !backbone.Contains(p.Handle) && !text.Contains(p.Handle), options.LearningRate);
        Add(p => backbone.Contains(p.Handle), options.BackboneLearningRate ?? options.LearningRate);
        Add(p => text.Contains(p.Handle), options.TextLearningRate ?? options.LearningRate);
        if (lossParameters.Select(p => (LossPrefix + p.Name, p.Parameter)).ToArray() is { Length: > 0 } own)
            groups.Add(new(options.LearningRate, 0, own));
        return Create(groups, options.Optimizer);

        void Add(Func<Parameter, bool> which, double rate)
        {
            foreach (var kind in learning.Where(p => which(p.Parameter)).GroupBy(p => p.Parameter.dim() > 1))
                groups.Add(new(rate, kind.Key ? options.WeightDecay : 0, [.. kind]));
        }
    }

    /// <summary>Makes the optimizer of some parameters.</summary>
    /// <param name="groups">At least one parameter in all; no two have one name.</param>
    /// <param name="kind">Adam's groups have no decay.</param>
    public static SwanOptimizer Create(IReadOnlyList<ParameterGroup> groups, OptimizerKind kind) => new(groups, kind);

    /// <summary>What the names of a loss's parameters start with among <see cref="Parameters"/>.</summary>
    internal const string LossPrefix = "loss.";

    /// <summary>All that learns.</summary>
    public FlatParameters Parameters { get; }

    /// <summary>Numbers that learn.</summary>
    public long ParameterCount => Parameters.Count;

    public void ZeroGradients()
    {
        using var noGradients = no_grad();
        Parameters.Gradients.zero_();
    }

    /// <summary>Takes a step with the gradients that backpropagation left.</summary>
    /// <param name="factor">The schedule's, on every group's rate.</param>
    /// <param name="maxNorm">
    /// The gradients are scaled down so that their L2 norm over all parameters is at most this; infinity leaves them.
    /// </param>
    /// <returns>The norm that they had: a scalar on their device, which nothing has waited for.</returns>
    public Tensor Step(double factor, double maxNorm = double.PositiveInfinity)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        Tensor norm = _blocks.Length == 1 ? _blocks[0].GradientNorm() : stack(_blocks.Select(b => b.GradientNorm())).norm();
        Tensor? scale = double.IsPositiveInfinity(maxNorm) ? null : (norm + ClipEpsilon).reciprocal_().mul_(maxNorm).clamp_max_(1);
        _steps++;
        foreach (AdamBlock block in _blocks)
        {
            using var blockScope = NewDisposeScope();
            block.Step(scale, _steps, factor);
        }
        return norm.MoveToOuterDisposeScope();
    }

    /// <summary>Writes the steps taken and both moments.</summary>
    public void Save(string path) => OptimizerState.Write(path, Parameters, _steps, _first, _second);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is not of an optimizer of these parameters.</exception>
    public void Load(string path) => _steps = OptimizerState.Read(path, Parameters, _first, _second);

    /// <summary>Reads the state that versions up to 0.1.0 wrote: that of TorchSharp's own optimizers.</summary>
    /// <exception cref="InvalidDataException">The file is not of an optimizer of these parameters.</exception>
    public void LoadEarlier(string path) => _steps = EarlierOptimizerState.Read(path, _groups, _kind, Parameters, _first, _second);

    public void Dispose()
    {
        foreach (AdamBlock block in _blocks) block.Dispose();
        _first.Dispose();
        _second.Dispose();
        Parameters.Dispose();
    }
}
