namespace Swan.MLNet.Tests.Diagnostics;

/// <summary>A process has one meter: other tests' rows must not be counted with ours.</summary>
[CollectionDefinition(nameof(SwanTelemetryTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;
