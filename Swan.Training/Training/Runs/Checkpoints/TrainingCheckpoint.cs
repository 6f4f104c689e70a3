using System.Text.Json;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.Training.Weights;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>Where a run stands: everything besides tensors that a resumed run needs to go on exactly.</summary>
/// <param name="Epoch">The epoch that is under way, from 0.</param>
/// <param name="Batch">Batches of it that are done.</param>
/// <param name="Step">Steps of the run so far.</param>
/// <param name="Factor">The schedule's factor at the last step.</param>
/// <param name="LossSum">Sum of the epoch's losses so far.</param>
/// <param name="GradientNormSum">Sum of the epoch's gradient norms so far.</param>
/// <param name="Seconds">Time since training began.</param>
/// <param name="LearnSeconds">Time that the epoch's steps took.</param>
/// <param name="BestMeanRecall">The highest mR so far; −1 before the first validation.</param>
/// <param name="BestEpoch">Its epoch.</param>
/// <param name="SinceBest">Validations since then.</param>
internal sealed record TrainingPosition(
    int Epoch, int Batch, long Step, double Factor, double LossSum, double GradientNormSum, double Seconds, double LearnSeconds,
    double BestMeanRecall, int BestEpoch, int SinceBest)
{
    public static readonly TrainingPosition Start = new(0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 0);
}

/// <summary>Writes and reads a run's <c>last</c> folder. A new one replaces the old one whole, by renaming.</summary>
internal sealed class TrainingCheckpoint(SwanRun run, TrainingStep step)
{
    private const string Network = "network.safetensors", Loss = "loss.safetensors", Average = "average.safetensors",
        Optimizer = "optimizer.safetensors", EarlierOptimizer = "optimizer.bin", Position = "position.json";

    /// <summary>Whether the run has a checkpoint, under whichever name. It only looks: another process may train there.</summary>
    public static bool Exists(string runFolder)
    {
        string last = Path.Combine(runFolder, SwanRun.LastFolder);
        return Directory.Exists(last) || Directory.Exists(Old(last));
    }

    /// <summary>Puts a crash between two renames right; only for who holds the run's lock.</summary>
    /// <returns>Whether the run has a checkpoint.</returns>
    public static bool Repair(string runFolder)
    {
        string last = Path.Combine(runFolder, SwanRun.LastFolder);
        if (!Directory.Exists(last) && Directory.Exists(Old(last))) Directory.Move(Old(last), last);
        return Directory.Exists(last);
    }

    public void Save(TrainingPosition position)
    {
        string last = run.In(SwanRun.LastFolder), fresh = last + ".new", old = Old(last);
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        Directory.CreateDirectory(fresh);
        NetworkState.Save(step.Network, Path.Combine(fresh, Network));
        NetworkState.Save(step.Objective, Path.Combine(fresh, Loss));
        if (step.Average is { } average)
        {
            using var scope = NewDisposeScope();
            SafeTensors.Write(Path.Combine(fresh, Average), average.State);
        }
        step.Optimizer.Save(Path.Combine(fresh, Optimizer));
        Write(Path.Combine(fresh, Position), JsonSerializer.SerializeToUtf8Bytes(position));

        // From here to the second move the old checkpoint has another name: Repair gives it back.
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
        if (Directory.Exists(last)) Directory.Move(last, old);
        Directory.Move(fresh, last);
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
    }

    /// <exception cref="SwanFormatException">A file is missing or damaged; the message names it.</exception>
    public TrainingPosition Load()
    {
        string last = run.In(SwanRun.LastFolder);
        From(Network, path => NetworkState.Load(step.Network, path));
        From(Loss, path => NetworkState.Load(step.Objective, path));
        if (step.Average is { } average)
        {
            using var scope = NewDisposeScope();
            From(Average, path => average.Load(SafeTensors.Read(path)));
        }
        if (File.Exists(Path.Combine(last, EarlierOptimizer))) From(EarlierOptimizer, step.Optimizer.LoadEarlier);
        else From(Optimizer, step.Optimizer.Load);
        TrainingPosition? position = null;
        From(Position, path =>
        {
            position = JsonSerializer.Deserialize<TrainingPosition>(File.ReadAllBytes(path));
            if (position is not { Epoch: >= 0, Batch: >= 0, Step: >= 0 })
                throw new InvalidDataException("it doesn't contain the run's epoch, batch and step.");
        });
        return position!;

        void From(string name, Action<string> load)
        {
            string path = Path.Combine(last, name);
            try
            {
                load(path);
            }
            catch (Exception e) when (e is not (OutOfMemoryException or UnauthorizedAccessException) && !MachineFault.Is(e))
            {
                throw new SwanFormatException(
                    $"'{path}', a file of the checkpoint from which the run would continue, is missing or damaged: {e.Message} Restore the "
                    + $"folder '{last}' from a copy, or begin a new run in another folder. {WhatIsKept}", e);
            }
        }
    }

    private string WhatIsKept => File.Exists(run.BestWeights)
        ? $"The best network so far is intact, in '{run.BestWeights}'."
        : $"No other network is kept: there is no '{run.BestWeights}'.";

    private static string Old(string last) => last + ".old";

    private static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using FileStream file = File.Create(path);
        file.Write(bytes);
        AtomicFile.Flush(file, path);
    }
}
