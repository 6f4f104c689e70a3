using Microsoft.AspNetCore.Http;

namespace Swan.ObjectStores.Tests.Servers;

/// <summary>A request that came to a proxy.</summary>
internal sealed record ProxiedRequest(string Method, string Target, string Path, string Query, IReadOnlyDictionary<string, string> Headers)
{
    public static ProxiedRequest Of(HttpContext context, string target) => new(
        context.Request.Method, target, context.Request.Path.Value!, context.Request.QueryString.Value ?? "",
        context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));

    public bool IsRead => Method == "GET" && !Query.Contains("list", StringComparison.Ordinal);

    public bool IsWrite => Method is "PUT" or "POST";

    public bool IsListing => Method == "GET" && Query.Contains("list", StringComparison.Ordinal);

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
