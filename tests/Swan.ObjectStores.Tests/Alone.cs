namespace Swan.ObjectStores.Tests;

/// <summary>Tests that change the process's environment, or see what others do.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;
