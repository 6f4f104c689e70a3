using Swan.MLNet.Evaluation;

namespace Swan.Training;

/// <summary>Result of a training run.</summary>
/// <remarks>
/// If a run was canceled before its first validation or has none, the last weights are kept, and it has no best epoch.
/// </remarks>
/// <param name="Run">The run's folder, from which the best network can be loaded and exported.</param>
/// <param name="End">Why training ended.</param>
/// <param name="BestEpoch">The epoch of the best mR, from 0; −1 without a validation.</param>
/// <param name="Best">The best epoch's metrics; null when there are none.</param>
/// <param name="Epochs">Every epoch's report, resumed parts included.</param>
public sealed record TrainingResult(SwanRun Run, StopReason End, int BestEpoch, RetrievalMetrics? Best, IReadOnlyList<EpochReport> Epochs);
