namespace Swan.MLNet.Search;

/// <summary>Keys of rows from sources in which a key may occur several times.</summary>
internal static class UniqueKeys
{
    /// <summary>The key that each row gets.</summary>
    /// <param name="keys">By row.</param>
    /// <param name="duplicates">How to treat duplicates.</param>
    /// <exception cref="ArgumentException">Two rows have one key, and that is refused.</exception>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> keys, SwanDuplicateKeys duplicates)
    {
        if (!Enum.IsDefined(duplicates))
            throw new ArgumentOutOfRangeException(nameof(duplicates), duplicates, "Expected Refuse, KeepLast or Number.");
        if (duplicates == SwanDuplicateKeys.KeepLast) return keys;
        var rows = new Dictionary<string, int>(keys.Count, StringComparer.Ordinal);
        string[]? numbered = null;
        for (int row = 0; row < keys.Count; row++)
        {
            if (rows.TryAdd(keys[row], row)) continue;
            if (duplicates == SwanDuplicateKeys.Refuse)
            {
                throw new ArgumentException(
                    $"Rows {rows[keys[row]]:N0} and {row:N0} have the same key, '{keys[row]}', but this index holds each key once. "
                    + "No rows were added. Use SwanDuplicateKeys.Number to give each row its own key, or KeepLast to keep the last row.",
                    nameof(keys));
            }
            numbered ??= [.. keys];
        }
        return numbered is null ? keys : Number(numbered, [.. rows.Keys]);
    }

    private static string[] Number(string[] keys, HashSet<string> taken)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int row = 0; row < keys.Length; row++)
        {
            string key = keys[row];
            int count = counts.GetValueOrDefault(key) + 1;
            // The first keeps its key; a numbered one may already belong to another row.
            while (count > 1 && !taken.Add($"{key}#{count}")) count++;
            if (count > 1) keys[row] = $"{key}#{count}";
            counts[key] = count;
        }
        return keys;
    }
}
