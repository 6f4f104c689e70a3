namespace Swan.Batch.Stores;

/// <summary>The order of texts' UTF-8 bytes, in which buckets list their keys.</summary>
/// <remarks>It is that of code points; .NET's ordinal order puts characters beyond U+FFFF before those from U+E000.</remarks>
internal sealed class Utf8Order : IComparer<string>
{
    public static Utf8Order Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null) return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        int same = x.AsSpan().CommonPrefixLength(y);
        if (same == x.Length || same == y.Length) return x.Length.CompareTo(y.Length);
        return Place(x[same]) - Place(y[same]);
    }

    // Halves of pairs after all other characters.
    private static int Place(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
