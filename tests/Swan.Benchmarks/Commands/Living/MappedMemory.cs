using System.Globalization;

namespace Swan.Benchmarks.Commands;

/// <summary>What of a folder's mapped files this process holds in memory, beside their sizes.</summary>
/// <param name="Scan">What searches read.</param>
/// <param name="Resident">Bytes of pages that this process has touched and the system has kept (Rss of /proc/self/smaps).</param>
/// <param name="Files">Bytes of the files.</param>
internal readonly record struct MappedMemory(string Scan, long Resident, long Files)
{
    /// <summary>Measures; null where the system doesn't tell.</summary>
    public static MappedMemory? Measure(string folder, string scan)
    {
        const string Maps = "/proc/self/smaps";
        if (!File.Exists(Maps)) return null;
        long resident = 0;
        bool isOurs = false;
        foreach (string line in File.ReadLines(Maps))
        {
            // A mapping's first line has its addresses, such as 7f00-7f10, and its path; the others a name and a colon.
            if (line.IndexOf('-', StringComparison.Ordinal) is > 0 and < 20) isOurs = line.Contains(folder, StringComparison.Ordinal);
            else if (isOurs && line.StartsWith("Rss:", StringComparison.Ordinal))
                resident += 1024 * long.Parse(line.AsSpan(4).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
        }
        long files = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        return new(scan, resident, files);
    }
}
