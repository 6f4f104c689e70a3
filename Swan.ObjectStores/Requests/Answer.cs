using System.Net;

namespace Swan.ObjectStores.Requests;

/// <summary>What a server's answer says, before a SDK makes something of it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="RetryAfter">How long the server asks to wait.</param>
/// <param name="Region">The bucket's region, if the server reports it.</param>
/// <param name="Skew">How far this machine's clock is ahead of the server's.</param>
/// <param name="HasLength">Whether it has the length of its body.</param>
internal sealed record Answer(HttpStatusCode Status, TimeSpan? RetryAfter, string? Region, TimeSpan? Skew, bool HasLength)
{
    public static Answer Of(HttpResponseMessage response)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        TimeSpan? after = response.Headers.RetryAfter is { } retry ? retry.Delta ?? retry.Date - now : null;
        bool tellsRegion = response.Headers.TryGetValues("x-amz-bucket-region", out IEnumerable<string>? regions);
        return new Answer(
            response.StatusCode, after, tellsRegion ? regions!.FirstOrDefault() : null, now - response.Headers.Date,
            response.Content.Headers.ContentLength is not null);
    }

    /// <summary>A difference of clocks as a sentence.</summary>
    public static string Told(TimeSpan skew)
    {
        string side = skew > TimeSpan.Zero ? "ahead of" : "behind";
        return FormattableString.Invariant($"This machine's clock is {Math.Abs(skew.TotalMinutes):0} minutes {side} the store's.");
    }
}
