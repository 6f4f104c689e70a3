namespace Swan.Batch.Stores;

/// <summary>Addresses as users write them.</summary>
internal static class StoreAddress
{
    /// <summary>The scheme in lower case; empty for a path.</summary>
    /// <remarks>Schemes have more than a letter: those of one are drives.</remarks>
    public static string SchemeOf(string address)
    {
        int end = address.IndexOf("://", StringComparison.Ordinal);
        bool scheme = end > 1 && address.AsSpan(0, end).IndexOfAnyExceptInRange('0', 'z') < 0 && !address.AsSpan(0, end).Contains('\\');
        return scheme ? address[..end].ToLowerInvariant() : "";
    }

    /// <summary>Whether an address is a URL of the web.</summary>
    public static bool IsWeb(string address) => SchemeOf(address) is "http" or "https";

    /// <summary>The address without user, password, query and fragment, in which secrets may stand.</summary>
    public static string WithoutSecrets(string address)
    {
        string scheme = SchemeOf(address);
        if (scheme.Length == 0) return address;
        // In names of buckets' objects, '?' is a character like others.
        if (IsWeb(address) && address.IndexOfAny(['?', '#']) is >= 0 and var query) address = address[..query];
        int start = scheme.Length + 3, host = EndOfUser(address, start);
        return string.Concat(address.AsSpan(0, start), address.AsSpan(host));
    }

    /// <summary>What <see cref="WithoutSecrets"/> leaves out, in pieces that may stand alone.</summary>
    public static IEnumerable<string> SecretsOf(string address)
    {
        string scheme = SchemeOf(address);
        if (scheme.Length == 0) yield break;
        int start = scheme.Length + 3, host = EndOfUser(address, start);
        if (host > start)
        {
            string user = address[start..(host - 1)];
            yield return user;
            int colon = user.IndexOf(':', StringComparison.Ordinal);
            if (colon >= 0) yield return user[(colon + 1)..];
        }
        int query = IsWeb(address) ? address.IndexOf('?', StringComparison.Ordinal) : -1;
        if (query < 0) yield break;
        yield return address[(query + 1)..];
        // Short values (versions, permissions) are no secrets; they occur in any text.
        foreach (string pair in address[(query + 1)..].Split('&', '#'))
        {
            string value = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];
            if (value.Length >= 8) yield return value;
        }
    }

    private static int EndOfUser(string address, int start)
    {
        int end = address.AsSpan(start).IndexOfAny('/', '?', '#');
        int at = address.AsSpan(start, end < 0 ? address.Length - start : end).LastIndexOf('@');
        return at < 0 ? start : start + at + 1;
    }
}
