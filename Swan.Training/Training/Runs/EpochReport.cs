using Swan.MLNet.Evaluation;

namespace Swan.Training;

/// <summary>Results of an epoch: one line of <c>metrics.jsonl</c>.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Step">Steps of the run so far.</param>
/// <param name="Loss">Mean training loss of the epoch.</param>
/// <param name="LearningRate">At the epoch's last step.</param>
/// <param name="GradientNorm">Mean L2 norm over the epoch's steps, before clipping.</param>
/// <param name="Temperature">InfoNCE's learned temperature; null for other losses.</param>
/// <param name="ImagesPerSecond">Pairs per second in training, without validation.</param>
/// <param name="Seconds">Time since training began, over all parts of a resumed run.</param>
/// <param name="Validation">The validation metrics; null if the epoch wasn't validated.</param>
/// <param name="Best">Whether mR is the highest so far.</param>
/// <param name="Complete">False if a limit or a person ended the epoch early.</param>
public sealed record EpochReport(
    int Epoch, long Step, double Loss, double LearningRate, double GradientNorm, double? Temperature, double ImagesPerSecond,
    double Seconds,
    RetrievalMetrics? Validation, bool Best, bool Complete);
