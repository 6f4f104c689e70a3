using System.Net;

namespace Swan.ObjectStores.Remote;

/// <summary>What a server's answer says, before a SDK makes something of it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="RetryAfter">How long the server asks to wait.</param>
/// <param name="Region">The bucket's region, where the server tells it.</param>
/// <param name="Skew">How far this machine's clock is ahead of the server's.</param>
/// <param name="HasLength">Whether it tells how long its body is.</param>
internal sealed record Answer(HttpStatusCode Status, TimeSpan? RetryAfter, string? Region, TimeSpan? Skew, bool HasLength)
{
    public static Answer Of(HttpResponseMessage response)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        TimeSpan? after = response.Headers.RetryAfter is { } retry ? retry.Delta ?? retry.Date - now : null;
        string? region = response.Headers.TryGetValues("x-amz-bucket-region", out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
        return new Answer(response.StatusCode, after, region, now - response.Headers.Date, response.Content.Headers.ContentLength is not null);
    }
}
