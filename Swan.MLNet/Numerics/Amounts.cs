using static System.FormattableString;

namespace Swan.MLNet.Numerics;

/// <summary>Times and bytes in readable units.</summary>
internal static class Amounts
{
    /// <summary>Such as <c>40 s</c>, <c>12 min</c> or <c>3.5 h</c>.</summary>
    public static string Time(TimeSpan time) =>
        time < TimeSpan.FromMinutes(1) ? Invariant($"{Math.Ceiling(time.TotalSeconds)} s")
        : time < TimeSpan.FromHours(1) ? Invariant($"{Math.Ceiling(time.TotalMinutes)} min")
        : Invariant($"{time.TotalHours:F1} h");

    /// <summary>Such as <c>3.4 kB</c> or <c>12 GB</c>, of 1,000 each.</summary>
    public static string Bytes(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        int unit = 0;
        for (; bytes >= 999.5 && unit < units.Length - 1; unit++) bytes /= 1000;
        return bytes < 9.95 && unit > 0 ? Invariant($"{bytes:F1} {units[unit]}") : Invariant($"{bytes:F0} {units[unit]}");
    }
}
