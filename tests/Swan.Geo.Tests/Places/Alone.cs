namespace Swan.Geo.Tests.Places;

/// <summary>Tests that measure processor time, which belongs to the whole process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
