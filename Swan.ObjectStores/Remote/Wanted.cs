using System.Globalization;

namespace Swan.ObjectStores.Remote;

/// <summary>What is wanted of an object.</summary>
/// <param name="Start">Where it begins, in bytes.</param>
/// <param name="End">Before which byte it ends; null: with the object.</param>
/// <param name="Stamp">Of which version; null: of any.</param>
internal readonly record struct Wanted(long Start, long? End, string? Stamp)
{
    private const string Tag = "etag:";

    /// <summary>All of any version.</summary>
    public static Wanted All => new(0, null, null);

    /// <summary>Whether it may be less than all.</summary>
    public bool IsPart => Start > 0 || End is not null;

    /// <summary>As HTTP has it.</summary>
    public string Range => string.Create(CultureInfo.InvariantCulture, $"bytes={Start}-{End - 1}");

    /// <summary>The version's tag, as HTTP has it; null where it has none.</summary>
    public string? ETag => Stamp?.StartsWith(Tag, StringComparison.Ordinal) == true ? Stamp[Tag.Length..] : null;

    /// <summary>A tag as a stamp.</summary>
    public static string StampOf(string? etag) => Tag + etag;
}
