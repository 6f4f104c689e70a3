using Swan.MLNet;

namespace Swan.Batch.Stores;

/// <summary>Which texts are keys.</summary>
internal static class StoreKey
{
    /// <summary>Refuses a key that a store could confuse with another one, or that leads out of the store.</summary>
    /// <remarks>
    /// On the way to a server, <c>a/../b</c> becomes <c>b</c>, as it does in a folder.
    /// </remarks>
    /// <param name="key">The key.</param>
    /// <param name="address">The store's address, for the error.</param>
    /// <exception cref="StoreException">It is no key.</exception>
    public static void Check(string key, string address)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (WhyNot(key) is not { } why) return;
        throw new StoreException(
            $"'{key}' is not a key in {address}: {why}. A key is a path below the address, such as 'tiles/1.png'. Correct the list that it "
            + "comes from.", StoreFailure.Key);
    }

    private static string? WhyNot(string key)
    {
        if (key.Length == 0) return "it is empty";
        if (key.StartsWith('/')) return "it begins with '/'";
        if (key.Contains('\0', StringComparison.Ordinal)) return "it has a zero character";
        foreach (Range part in key.AsSpan().Split('/'))
        {
            if (key.AsSpan()[part] is "." or "..") return $"it has '{key[part]}' between slashes, which may lead out of the store";
        }
        try
        {
            FilePath.ThrowIfNotText(key);
            return null;
        }
        catch (ArgumentException)
        {
            return "it has half a surrogate pair, so it was cut within a character";
        }
    }
}
