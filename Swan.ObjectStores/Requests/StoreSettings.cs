using Microsoft.Extensions.Logging;

namespace Swan.ObjectStores.Requests;

/// <summary>What the options say, checked, and what only tests set.</summary>
internal sealed record StoreSettings
{
    public required Uri? Endpoint { get; init; }

    public required string? Region { get; init; }

    public required bool Anonymous { get; init; }

    public required bool? ChunkedUploads { get; init; }

    public required long PartSize { get; init; }

    public required int MaxAttempts { get; init; }

    public required TimeSpan FirstDelay { get; init; }

    public required TimeSpan MaxDelay { get; init; }

    public required TimeSpan StallTimeout { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required ILogger? Logger { get; init; }

    /// <summary>The environment's variables.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Waits between attempts.</summary>
    public required Func<TimeSpan, CancellationToken, Task> Wait { get; init; }
}
