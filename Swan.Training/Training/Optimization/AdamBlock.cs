using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>A stretch of the long tensors that Adam goes through at once.</summary>
/// <remarks>
/// On a GPU one block is all there is, as each operation costs a launch. A CPU goes through blocks that its cache holds, so that the
/// operations after the first read no memory.
/// </remarks>
internal sealed class AdamBlock : IDisposable
{
    private const long LengthOfThread = 1 << 16;
    private readonly Tensor _gradients, _first, _second;
    private readonly Run[] _runs;

    private AdamBlock(FlatParameters parameters, Tensor first, Tensor second, long start, long length)
    {
        _gradients = Part(parameters.Gradients);
        _first = Part(first);
        _second = Part(second);
        _runs = [.. parameters.Ranges.Select(Shared).Where(r => r.Length > 0).Select(r => new Run(
            r.Start - start, r.Length, r.Rate, r.Decay, Owned(parameters.Values, r.Start, r.Length), Owned(first, r.Start, r.Length)))];

        Tensor Part(Tensor flat) => Owned(flat, start, length);

        FlatRange Shared(FlatRange range)
        {
            long from = Math.Max(range.Start, start), to = Math.Min(range.Start + range.Length, start + length);
            return range with { Start = from, Length = Math.Max(0, to - from) };
        }
    }

    /// <summary>Cuts the long tensors into blocks.</summary>
    /// <param name="parameters">What learns.</param>
    /// <param name="first">The gradients' running means.</param>
    /// <param name="second">The running means of their squares.</param>
    public static AdamBlock[] Cut(FlatParameters parameters, Tensor first, Tensor second)
    {
        long all = parameters.Values.numel();
        long length = parameters.Values.device_type == TorchSharp.DeviceType.CPU ? LengthOfThread * get_num_threads() : all;
        return [.. Enumerable.Range(0, (int)((all + length - 1) / length))
            .Select(i => new AdamBlock(parameters, first, second, i * length, Math.Min(length, all - i * length)))];
    }

    /// <summary>The gradients' L2 norm, a scalar on their device.</summary>
    public Tensor GradientNorm() => _gradients.norm();

    /// <summary>Takes one step; the operations and their order are those of PyTorch's Adam and AdamW.</summary>
    /// <param name="scale">A scalar that the gradients are multiplied by; null to leave them.</param>
    /// <param name="step">From 1.</param>
    /// <param name="factor">On every group's learning rate.</param>
    public void Step(Tensor? scale, long step, double factor)
    {
        const double beta1 = SwanOptimizer.Beta1, beta2 = SwanOptimizer.Beta2;
        if (scale is not null) _gradients.mul_(scale);
        _first.mul_(beta1).add_(_gradients, 1 - beta1);
        _second.mul_(beta2).addcmul_(_gradients, _gradients, 1 - beta2);
        Tensor denominators = _second.sqrt().div_(Math.Sqrt(1 - Math.Pow(beta2, step))).add_(SwanOptimizer.Epsilon);
        foreach (Run run in _runs)
        {
            double rate = run.Rate * factor;
            if (run.Decay > 0) run.Values.mul_(1 - rate * run.Decay);
            run.Values.addcdiv_(run.First, denominators.narrow(0, run.Start, run.Length), -rate / (1 - Math.Pow(beta1, step)));
        }
    }

    public void Dispose()
    {
        _gradients.Dispose();
        _first.Dispose();
        _second.Dispose();
        foreach (Run run in _runs)
        {
            run.Values.Dispose();
            run.First.Dispose();
        }
    }

    private static Tensor Owned(Tensor flat, long start, long length) => flat.narrow(0, start, length).DetachFromDisposeScope();

    // What of a block belongs to one group; Start counts from the block's.
    private sealed record Run(long Start, long Length, double Rate, double Decay, Tensor Values, Tensor First);
}
