using Swan.Training.Network;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>
/// Adam or AdamW over what learns: a rate for the backbone and one for the rest, decay for weights with two or more dimensions only.
/// </summary>
internal sealed class SwanOptimizer : IDisposable
{
    private readonly OptimizerHelper _optimizer;
    private readonly double[] _rates;
    private readonly Parameter[] _parameters;

    private SwanOptimizer(OptimizerHelper optimizer, double[] rates, Parameter[] parameters)
        => (_optimizer, _rates, _parameters) = (optimizer, rates, parameters);

    public static SwanOptimizer Create(SwanNetwork network, IEnumerable<Parameter> lossParameters, SwanTrainerOptions options)
    {
        var backbone = network.BackboneParameters().Select(p => p.Handle).ToHashSet();
        var groups = new List<(double Rate, double Decay, Parameter[] Parameters)>();
        var learning = network.LearningParameters().Select(p => p.Item2).ToArray();
        double backboneRate = options.BackboneLearningRate ?? options.LearningRate;
        var text = network.PretrainedTextParameters().Select(p => p.Handle).ToHashSet();
        Add(learning.Where(p => !backbone.Contains(p.Handle) && !text.Contains(p.Handle)), options.LearningRate);
        Add(learning.Where(p => backbone.Contains(p.Handle)), backboneRate);
        Add(learning.Where(p => text.Contains(p.Handle)), options.TextLearningRate ?? options.LearningRate);
        // What the loss learns, such as a scale, never decays.
        if (lossParameters.ToArray() is { Length: > 0 } own)
            groups.Add((options.LearningRate, 0, own));
        OptimizerHelper optimizer = options.Optimizer == OptimizerKind.AdamW
            ? torch.optim.AdamW(groups.Select(g => new AdamW.ParamGroup(g.Parameters, g.Rate, 0.9, 0.999, 1e-8, g.Decay, false, false)),
                options.LearningRate, weight_decay: 0)
            : torch.optim.Adam(
                groups.Select(g => new Adam.ParamGroup(g.Parameters, g.Rate, 0.9, 0.999, 1e-8, 0, false, false)), options.LearningRate);
        return new(optimizer, [.. groups.Select(g => g.Rate)], [.. groups.SelectMany(g => g.Parameters)]);

        void Add(IEnumerable<Parameter> parameters, double rate)
        {
            foreach (IGrouping<bool, Parameter> kind in parameters.GroupBy(p => p.dim() > 1))
                groups.Add((rate, kind.Key ? options.WeightDecay : 0, [.. kind]));
        }
    }

    /// <summary>Numbers that learn.</summary>
    public long ParameterCount => _parameters.Sum(p => p.numel());

    /// <summary>Sets every group's rate to its own, times the schedule's factor.</summary>
    public void SetFactor(double factor)
    {
        int group = 0;
        foreach (torch.optim.ILearningRateController controller in _optimizer.ParamGroups)
            controller.LearningRate = _rates[group++] * factor;
    }

    public void ZeroGradients() => _optimizer.zero_grad();

    /// <summary>
    /// Scales the gradients down so that their norm over all parameters is at most this, and says which norm they had; infinity only asks.
    /// </summary>
    public double ClipGradients(double norm) => nn.utils.clip_grad_norm_(_parameters, norm);

    public void Step() => _optimizer.step();

    public void Save(string path)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            _optimizer.save_state_dict(writer);
        stream.Flush(flushToDisk: true);
    }

    public void Load(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        _optimizer.load_state_dict(reader);
    }

    public void Dispose() => _optimizer.Dispose();
}
