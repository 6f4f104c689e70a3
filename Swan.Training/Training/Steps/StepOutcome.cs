namespace Swan.Training;

/// <summary>What a training step gave, once the device has told.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Batch">The batch's position in its epoch, from 0.</param>
/// <param name="Step">The step of the run, from 1.</param>
/// <param name="Images">Each pair's image: its index in the set.</param>
/// <param name="Count">Images in the batch.</param>
/// <param name="Loss">The batch's.</param>
/// <param name="GradientNorm">Over all parameters, before clipping.</param>
internal sealed record StepOutcome(
    int Epoch, int Batch, long Step, IReadOnlyList<int> Images, int Count, double Loss, double GradientNorm)
{
    /// <summary>Whether both are numbers. If not, the weights are none either from this step on.</summary>
    public bool IsFinite => double.IsFinite(Loss) && double.IsFinite(GradientNorm);
}
