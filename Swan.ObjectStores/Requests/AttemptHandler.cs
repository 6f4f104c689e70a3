namespace Swan.ObjectStores.Requests;

/// <summary>Notes what servers answer for the attempt that asks.</summary>
internal sealed class AttemptHandler : DelegatingHandler
{
    private static readonly TimeSpan s_connecting = TimeSpan.FromSeconds(20);

    /// <param name="options">How patient to be.</param>
    /// <param name="redirects">Whether redirections are followed.</param>
    public AttemptHandler(StoreSettings options, bool redirects = false) : base(new SocketsHttpHandler
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

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Requests for credentials don't come here: SDKs make them by clients of their own.
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
