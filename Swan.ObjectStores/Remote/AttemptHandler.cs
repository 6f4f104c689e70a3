namespace Swan.ObjectStores.Remote;

/// <summary>Notes what servers answer for the attempt that asks.</summary>
internal sealed class AttemptHandler : DelegatingHandler
{
    /// <param name="options">How patient to be.</param>
    /// <param name="redirects">Whether redirections are followed.</param>
    public AttemptHandler(ObjectStoreOptions options, bool redirects = false) : base(new SocketsHttpHandler
    {
        AllowAutoRedirect = redirects,
        MaxAutomaticRedirections = 5,
        UseCookies = false,
        ConnectTimeout = options.StallTimeout < s_connecting ? options.StallTimeout : s_connecting,
        // Addresses of large stores change all the time.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
    }

    private static readonly TimeSpan s_connecting = TimeSpan.FromSeconds(20);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Requests for credentials come without an attempt of ours, or within one; either way they are no answer of the store's.
        Attempt? attempt = Attempt.Current;
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (attempt is not null)
        {
            attempt.Answer = Answer.Of(response);
            attempt.Progress();
        }
        response.Content = new BodyContent(response.Content);
        return response;
    }
}
