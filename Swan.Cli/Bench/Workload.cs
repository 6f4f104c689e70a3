namespace Swan.Cli.Bench;

/// <summary>Work whose time is measured.</summary>
/// <param name="Key">Tells figures of the same work apart from others, in JSON.</param>
/// <param name="Name">For people.</param>
/// <param name="Count">How many images, captions or queries it does.</param>
/// <param name="Run">Does it; until canceled.</param>
internal sealed record Workload(string Key, string Name, int Count, Action<CancellationToken> Run);
