using System.Diagnostics.CodeAnalysis;

namespace Swan.Batch.Settings;

/// <summary>Addresses as anybody may see them.</summary>
/// <remarks>Sources should say no secret to begin with, but those of programs are not ours.</remarks>
internal static class PublicAddress
{
    /// <summary>An address without its query, its fragment, and who asks; a path as it is.</summary>
    [return: NotNullIfNotNull(nameof(address))]
    public static string? Of(string? address)
    {
        if (address is null || address.IndexOf("://", StringComparison.Ordinal) is var scheme && scheme < 0) return address;
        int host = scheme + 3, end = address.AsSpan(host).IndexOfAny('?', '#');
        string shown = end < 0 ? address : address[..(host + end)];
        int path = shown.IndexOf('/', host);
        int user = shown.AsSpan(host, (path < 0 ? shown.Length : path) - host).LastIndexOf('@');
        return user < 0 ? shown : shown[..host] + shown[(host + user + 1)..];
    }
}
