using System.Runtime.InteropServices;
using Swan.MLNet.Datasets;
using Swan.Training.Native;

namespace Swan.Training;

/// <summary>What to tell of a step that failed, and what is left of the run.</summary>
/// <param name="run">The run.</param>
/// <param name="train">What it learns from.</param>
/// <param name="validated">Whether mR is measured.</param>
internal sealed class StepFaults(SwanRun run, CaptionedImageSet train, bool validated)
{
    /// <summary>A step of which libtorch could not compute all.</summary>
    /// <param name="error">libtorch's.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="batch">From 0.</param>
    /// <param name="batchSize">Images in it.</param>
    /// <param name="device">In words.</param>
    public SwanTrainingException Failed(ExternalException error, int epoch, int batch, int batchSize, string device)
    {
        string kept = TrainingCheckpoint.Exists(run.Folder)
            ? $"The checkpoint in '{run.In(SwanRun.LastFolder)}' is kept."
            : "There is no checkpoint yet.";
        int side = run.Options.Network.ImageSize;
        return TorchFault.Of(error,
            $"at step {batch + 1} of epoch {epoch + 1} on {device}, with {batchSize} images of {side}×{side} pixels. {kept} It said",
            $"Train in another folder with fewer pairs in a step (--batch {Math.Max(2, batchSize / 2)}) or smaller images, or "
            + "wait until other programs free memory, and --resume.");
    }

    /// <summary>A step whose loss or gradient is no number.</summary>
    public SwanTrainingException NotANumber(StepOutcome step)
    {
        (string what, double value) = double.IsFinite(step.Loss) ? ("gradient's norm", step.GradientNorm) : ("loss", step.Loss);
        return new($"The {what} is {value} at step {step.Batch + 1} of epoch {step.Epoch + 1} (step {step.Step} of "
            + "the run), so training stopped. "
            + $"The batch: {string.Join(", ", step.Images.Take(Math.Min(8, step.Count)).Select(i => train.Images[i].FileName))}"
            + $"{(step.Count > 8 ? $" and {step.Count - 8} more" : "")}. {WhatIsLeft()}");
    }

    /// <summary>Weights that are no numbers after a step whose loss was one.</summary>
    /// <param name="found">What showed it, the beginning of a sentence; null where the weights themselves did.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="step">The run's last.</param>
    /// <param name="inner">The error that it was found by.</param>
    public SwanTrainingException WeightsAreNotNumbers(string? found, int epoch, long step, Exception? inner = null) => new(
        $"{(found is null ? "" : $"{found} ")}{(found is null ? "After" : "after")} step {step} (epoch {epoch + 1})"
        + $"{(found is null ? "," : ":")} the weights are no longer numbers. {WhatIsLeft()}", inner!);

    private string WhatIsLeft() =>
        (!File.Exists(run.BestWeights)
            ? $"No epoch was {(validated ? "validated" : "complete")} before, so no network is kept. "
            : $"The {(validated ? "best" : "last")} network so far is kept in '{run.BestWeights}'. ")
        + "Train again in another folder with a lower learning rate, or with limited gradients (--gradient-clip 1).";
}
