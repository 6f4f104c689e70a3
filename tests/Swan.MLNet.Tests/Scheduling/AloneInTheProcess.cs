namespace Swan.MLNet.Tests.Scheduling;

/// <summary>A process has one frame for work: other tests' images must not wait for ours, nor be counted with them.</summary>
[CollectionDefinition(nameof(WorkFrameTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;
