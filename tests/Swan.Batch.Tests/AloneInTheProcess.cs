namespace Swan.Batch.Tests;

/// <summary>Nothing else is measured at the same time.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
