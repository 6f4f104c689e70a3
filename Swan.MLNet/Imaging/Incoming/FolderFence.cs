namespace Swan.MLNet.Imaging;

/// <summary>The folder that image paths must not lead out of.</summary>
/// <remarks>
/// The folder itself may be a link. Links within it are followed to their ends; hard links look like files. Someone who can change the
/// folder between the check and the opening can bypass it. Safe for concurrent use.
/// </remarks>
internal sealed class FolderFence(string folder)
{
    // As many as Linux follows.
    private const int MaxLinks = 40;

    private static readonly StringComparison Comparison =
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>Throws unless a path lies within the folder.</summary>
    /// <param name="path">As a caller gave it.</param>
    /// <exception cref="SwanImageException">It leads out.</exception>
    public void Check(string path)
    {
        if (WhyOutside(path) is not { } why) return;
        throw new SwanImageException(path, ImageFault.OutsideFolder,
            $"{why}, which leads out of the image folder '{folder}', so it was not opened. Give a path within that folder. If everyone "
            + "who supplies paths may read any file here, set RestrictToImageFolder to false.");
    }

    /// <summary>Why a path lies outside of the folder; null where it lies within.</summary>
    public string? WhyOutside(string path)
    {
        string root = WithSeparator(Path.GetFullPath(folder));
        // An absolute path may begin with the folder.
        string within = Path.IsPathFullyQualified(path) && path.StartsWith(root, Comparison) ? path[root.Length..] : path;
        if (FilePath.WhyNotWithin(within) is { } why) return why;
        // No path at all, which is said where it is opened.
        if (path.Contains('\0', StringComparison.Ordinal)) return null;
        string full = Path.GetFullPath(Path.Combine(root, within));
        // Names that Windows takes for devices, for one.
        if (!WithSeparator(full).StartsWith(root, Comparison)) return "it names a place outside";
        for (int end = root.Length - 1; end >= 0 && end < full.Length;)
        {
            end = full.IndexOf(Path.DirectorySeparatorChar, end + 1);
            if (LinkTarget(end < 0 ? full : full[..end]) is null) continue;
            // Where a link is, the places that both end at count.
            return Resolve(full) is { } place && place.StartsWith(WithSeparator(Resolve(root) ?? root), Comparison)
                ? null : "it goes through a link";
        }
        return null;
    }

    // The path without links; null where they go in circles.
    private static string? Resolve(string path)
    {
        string root = Path.GetPathRoot(path)!, resolved = root;
        var parts = new Stack<string>(Parts(path[root.Length..]));
        for (int links = 0; parts.TryPop(out string? part);)
        {
            if (part == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? root;
                continue;
            }
            string next = Path.Combine(resolved, part);
            if (LinkTarget(next) is not { } target)
            {
                resolved = next;
                continue;
            }
            if (++links > MaxLinks) return null;
            if (Path.IsPathRooted(target))
            {
                resolved = Path.GetPathRoot(target)!;
                target = target[resolved.Length..];
            }
            foreach (string more in Parts(target)) parts.Push(more);
        }
        return resolved;
    }

    // The last one first.
    private static IEnumerable<string> Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar]).Where(part => part is not ("" or ".")).Reverse();

    private static string? LinkTarget(string path) => new FileInfo(path).LinkTarget;

    private static string WithSeparator(string path) =>
        Path.EndsInDirectorySeparator(path) ? path : path + Path.DirectorySeparatorChar;
}
