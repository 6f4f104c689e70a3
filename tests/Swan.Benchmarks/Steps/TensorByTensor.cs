using System.Diagnostics;
using Swan.Training;
using Swan.Training.Network;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Benchmarks.Steps;

/// <summary>The same work tensor by tensor: TorchSharp's AdamW and clipping, and an average of each tensor.</summary>
internal sealed class TensorByTensor : IDisposable
{
    private readonly SwanNetwork _network;
    private readonly Parameter[] _learning;
    private readonly AdamW _optimizer;
    private readonly (Tensor Live, Tensor Average)[] _averages;

    public TensorByTensor(SwanTrainerOptions options, Device device)
    {
        _network = SwanNetwork.Create(options.Network);
        TrainingStep.Prepare(_network, options, device);
        _learning = [.. _network.LearningParameters().Select(p => p.Parameter)];
        foreach (Parameter parameter in _learning) parameter.grad = zeros_like(parameter);
        _optimizer = optim.AdamW(_learning, options.LearningRate);
        _averages = [.. _network.state_dict().Values.Select(t => (t, t.detach().clone()))];
    }

    /// <summary>Milliseconds of zeroing, clipping, optimizer and average alone.</summary>
    public double Update()
    {
        var watch = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        nn.utils.clip_grad_norm_(_learning, 1);
        _optimizer.step();
        using IDisposable noGradients = no_grad();
        foreach ((Tensor live, Tensor average) in _averages)
        {
            if (live.is_floating_point()) average.lerp_(live, 0.01f);
            else average.copy_(live);
        }
        return watch.Elapsed.TotalMilliseconds;
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        foreach ((_, Tensor average) in _averages) average.Dispose();
        _network.Dispose();
    }
}
