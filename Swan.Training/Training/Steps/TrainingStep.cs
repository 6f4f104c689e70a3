using Swan.MLNet.Numerics;
using Swan.Training.DataLoading;
using Swan.Training.Losses;
using Swan.Training.Native;
using Swan.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>One step of training, again and again: forward, loss, backward, clipping, optimizer, average.</summary>
/// <remarks>
/// Owns all that a step changes besides the network, and knows the device. Only the GRU's sorting waits for a GPU within a step: a step's
/// results stay there until they are read, for many steps at once (<see cref="Outcomes"/>). Not safe for concurrent use. The network
/// must outlive it.
/// </remarks>
internal sealed class TrainingStep : IDisposable
{
    // Tells a step's random numbers from those of the loader (see BatchLoader), which uses −1, −2 and the positions from 0.
    private const long FirstStepStream = -3;
    private readonly SwanTrainerOptions _options;
    private readonly Device _device;
    private readonly PixelNormalization _normalization;
    private readonly long[] _sceneIds;
    private readonly DeviceAugmentation? _onDevice;
    private readonly double _maxNorm;
    private readonly FlatStatistics _statistics;
    private readonly Queue<(StepOutcome Known, Tensor Loss, Tensor Norm)> _underWay = [];

    /// <summary>Makes the state of a run's first step.</summary>
    /// <param name="options">The run's.</param>
    /// <param name="network">On the device.</param>
    /// <param name="objective">What is minimized; this owns it from here on.</param>
    /// <param name="normalization">For the device; the caller's.</param>
    /// <param name="sceneIds">Each training image's scene, see <see cref="SceneLoss.forward"/>.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="onDevice">Augments batches that come without pixels; the caller's. Null where none do.</param>
    public TrainingStep(
        SwanTrainerOptions options, SwanNetwork network, TrainingObjective objective, PixelNormalization normalization, long[] sceneIds,
        Device device, DeviceAugmentation? onDevice = null)
    {
        (_options, Network, Objective, _normalization, _sceneIds, _device, _onDevice) =
            (options, network, objective, normalization, sceneIds, device, onDevice);
        _maxNorm = options.GradientClip > 0 ? options.GradientClip : double.PositiveInfinity;
        Objective.to(device);
        Optimizer = SwanOptimizer.Create(network, Objective.named_parameters(), options);
        _statistics = new FlatStatistics(network);
        if (options.EmaDecay > 0) Average = new WeightAverage(network, Optimizer.Parameters, _statistics, options.EmaDecay);
    }

    /// <summary>The network, which learns.</summary>
    public SwanNetwork Network { get; }

    /// <summary>The loss, which may learn, too.</summary>
    public TrainingObjective Objective { get; }

    /// <summary>The optimizer with its moments.</summary>
    public SwanOptimizer Optimizer { get; }

    /// <summary>The weights' moving average; null where the options ask for none.</summary>
    public WeightAverage? Average { get; }

    /// <summary>Makes a network ready for training: on its device, frozen where it is not to learn.</summary>
    public static void Prepare(SwanNetwork network, SwanTrainerOptions options, Device device)
    {
        Tf32.SwitchOff(device);
        network.to(device);
        if (options.FreezeBackbone) network.FreezeBackbone();
        if (options.FreezeStem) network.FreezeStem();
        if (options.FreezeText) network.FreezeText();
        if (options.Precision == TrainingPrecision.Bfloat16Text) network.TextInBfloat16();
        network.SetBackboneBatchNorm(options.BatchNormMode == BatchNormMode.Train);
        if (options is { Init: not null, BatchNormMode: BatchNormMode.Eval }) network.FixBatchNorms();
        network.train();
    }

    /// <summary>Takes a step.</summary>
    /// <param name="batch">Read before this returns.</param>
    /// <param name="factor">The schedule's, on every learning rate.</param>
    /// <param name="step">The step of the run, from 1.</param>
    /// <param name="teachers">How alike teachers find the batch's images and captions; null without teachers.</param>
    public void Take(TrainingBatch batch, double factor, long step, TeacherEmbeddings? teachers = null)
    {
        using var scope = NewDisposeScope();
        // Dropout depends on seed and step only, on every device, so a resumed run needs no generator's state.
        var random = new SampleRandom(_options.Seed, batch.Epoch, FirstStepStream - batch.Index);
        manual_seed((long)(random.NextUInt64() >> 1)).Dispose();
        Optimizer.ZeroGradients();
        Tensor loss = Loss(batch, teachers);
        loss.backward();
        Tensor norm = Optimizer.Step(factor, _maxNorm);
        Average?.Update(step);
        var known = new StepOutcome(batch.Epoch, batch.Index, step, batch.Images, batch.Count, 0, 0);
        _underWay.Enqueue((known, loss.detach().DetachFromDisposeScope(), norm.DetachFromDisposeScope()));
    }

    /// <summary>What the network gets of a batch's images, augmented here where they come without pixels.</summary>
    public Tensor Pixels(TrainingBatch batch) => batch.Draws is { } draws
        ? _normalization.Apply(_onDevice!.Apply(batch.Images, draws))
        : _normalization.Apply(batch.Pixels, batch.Count);

    /// <summary>What the steps since the last reading gave, in their order. Waits for the device, which computes in turn.</summary>
    /// <param name="atLeast">How many steps are worth a reading; fewer are left for a later one, and nothing waits.</param>
    public IReadOnlyList<StepOutcome> Outcomes(int atLeast = 1)
    {
        if (_underWay.Count < Math.Max(1, atLeast)) return [];
        using var scope = NewDisposeScope();
        Tensor there = stack(_underWay.SelectMany(o => new[] { o.Loss, o.Norm }));
        float[] numbers = there.cpu().data<float>().ToArray();
        StepOutcome[] outcomes =
            [.. _underWay.Select((o, i) => o.Known with { Loss = numbers[2 * i], GradientNorm = numbers[2 * i + 1] })];
        Forget();
        return outcomes;
    }

    /// <summary>
    /// Whether all kept values are finite: after a step with a finite loss, weights may still not be. Waits for the device.
    /// </summary>
    public bool IsFinite()
    {
        using var scope = NewDisposeScope();
        return Optimizer.Parameters.Values.isfinite().all().item<bool>() && _statistics.Values.isfinite().all().item<bool>();
    }

    /// <summary>Puts the average, where there is one, in the weights' place until it is disposed of.</summary>
    public IDisposable UseAverage() => new Swapped(Average);

    public void Dispose()
    {
        Forget();
        Average?.Dispose();
        _statistics.Dispose();
        Optimizer.Dispose();
        Objective.Dispose();
    }

    private void Forget()
    {
        foreach ((_, Tensor loss, Tensor norm) in _underWay)
        {
            loss.Dispose();
            norm.Dispose();
        }
        _underWay.Clear();
    }

    private Tensor Loss(TrainingBatch batch, TeacherEmbeddings? teachers)
    {
        Tensor pixels = Pixels(batch);
        Tensor ids = tensor(batch.Ids).view(batch.Pairs, batch.Length).WithoutWaiting(_device);
        Tensor images, captions;
        using (_options.Precision == TrainingPrecision.Bfloat16 ? Autocast.InBfloat16(_device.type) : null)
        {
            images = Network.EncodeImages(pixels).to(ScalarType.Float32);
            captions = Network.EncodeCaptions(ids, tensor(batch.Lengths)).to(ScalarType.Float32);
        }
        Tensor? positives = _options.RepeatedCaptionsArePositive
            ? RetrievalLoss.Positives(batch.Images, batch.CaptionKeys).WithoutWaiting(_device)
            : null;
        Tensor scenes = tensor(Array.ConvertAll(batch.Images[..batch.Count], i => _sceneIds[i])).WithoutWaiting(_device);
        return Objective.Compute(images, captions, positives, scenes, teachers?.Similarity(batch, _device));
    }

    private sealed class Swapped : IDisposable
    {
        private readonly WeightAverage? _average;

        public Swapped(WeightAverage? average)
        {
            _average = average;
            _average?.Swap();
        }

        public void Dispose() => _average?.Swap();
    }
}
