using System.Diagnostics.Metrics;

namespace Swan.MLNet.Scheduling;

/// <summary>The one meter of the library, for whatever measures.</summary>
internal static class SwanMeter
{
    public const string Name = "Swan";

    public static string? Version { get; } = typeof(SwanMeter).Assembly.GetName().Version?.ToString(3);

    public static Meter Meter { get; } = new(Name, Version);
}
