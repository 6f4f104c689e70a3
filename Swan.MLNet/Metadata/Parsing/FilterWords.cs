using System.Collections.Frozen;

namespace Swan.MLNet.Metadata;

/// <summary>The words of the filter language, which no column may be called.</summary>
internal static class FilterWords
{
    private static readonly FrozenSet<string> s_reserved = FrozenSet.ToFrozenSet(
        ["and", "or", "not", "in", "between", "is", "null", "true", "false", "contains", "starts", "ends", "with", "like", "within",
            "intersects"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a word means something in every place. The names of shapes do only behind within and intersects.</summary>
    public static bool IsReserved(string word) => s_reserved.Contains(word);
}
