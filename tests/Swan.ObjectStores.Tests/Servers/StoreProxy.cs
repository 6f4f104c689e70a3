using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Swan.ObjectStores.Tests.Servers;

/// <summary>A proxy of a test's own: it counts requests, fails on command, and adds what its server lacks.</summary>
internal sealed class StoreProxy : IAsyncDisposable, IDisposable
{
    private static readonly HttpClient s_client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null,
    });

    private readonly ConcurrentQueue<ProxiedRequest> _requests = new();
    private readonly List<(Func<ProxiedRequest, bool> Where, ProxyFault Fault, int Times)> _faults = [];
    private readonly WebApplication _application;
    private readonly Uri? _server;

    /// <param name="server">Where requests go.</param>
    /// <param name="rules">What the server lacks; gets the request and what asks the server. Null: it answers all itself.</param>
    public StoreProxy(Uri? server, IProxyRules? rules = null)
    {
        (_server, Rules) = (server, rules);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.AddServerHeader = false;
        });
        builder.Logging.ClearProviders();
        _application = builder.Build();
        _application.Run(AnswerAsync);
        _application.StartAsync().GetAwaiter().GetResult();
        Address = new Uri(_application.Urls.Single());
    }

    public Uri Address { get; }

    public IProxyRules? Rules { get; }

    /// <summary>All requests so far.</summary>
    public ProxiedRequest[] Requests => [.. _requests];

    /// <summary>Whether a request has done something else.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Requests that take part in what a condition says do something else from now on.</summary>
    /// <param name="where">Which.</param>
    /// <param name="fault">What.</param>
    /// <param name="times">How many of them.</param>
    public void Fail(Func<ProxiedRequest, bool> where, ProxyFault fault, int times = 1)
    {
        lock (_faults) _faults.Add((where, fault, times));
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _application.StopAsync(soon.Token);
        await _application.DisposeAsync();
    }

    internal static void CopyHead(HttpResponseMessage from, HttpResponse to)
    {
        to.StatusCode = (int)from.StatusCode;
        foreach ((string name, IEnumerable<string> values) in from.Headers.NonValidated.Select(h => (h.Key, h.Value.AsEnumerable()))
            .Concat(from.Content.Headers.NonValidated.Select(h => (h.Key, h.Value.AsEnumerable()))))
        {
            if (name is not ("Transfer-Encoding" or "Connection" or "Keep-Alive")) to.Headers[name] = values.ToArray();
        }
    }

    internal static async Task UntilLeftAsync(HttpContext context)
    {
        var left = new TaskCompletionSource();
        using CancellationTokenRegistration aborted = context.RequestAborted.Register(() => left.SetResult());
        await left.Task;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        ProxiedRequest request = ProxiedRequest.Of(context, context.Features.Get<IHttpRequestFeature>()!.RawTarget);
        _requests.Enqueue(request);
        Task<HttpResponseMessage> Forward() => Rules is null
            ? ForwardAsync(context, request)
            : Rules.AnswerAsync(request, context, () => ForwardAsync(context, request));
        if (FaultFor(request) is { } fault)
        {
            await fault.DoAsync(context, Forward);
            return;
        }
        using HttpResponseMessage response = await Forward();
        CopyHead(response, context.Response);
        await (await response.Content.ReadAsStreamAsync()).CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private ProxyFault? FaultFor(ProxiedRequest request)
    {
        lock (_faults)
        {
            int at = _faults.FindIndex(f => f.Where(request));
            if (at < 0) return null;
            HasFailed = true;
            (Func<ProxiedRequest, bool> where, ProxyFault fault, int times) = _faults[at];
            if (times == 1) _faults.RemoveAt(at);
            else _faults[at] = (where, fault, times - 1);
            return fault;
        }
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpContext context, ProxiedRequest request)
    {
        // The path as it came, and the host, because both are signed.
        var target = new Uri(
            _server!.AbsoluteUri.TrimEnd('/') + request.Target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), target);
        if (context.Request.ContentLength is not null || request.IsWrite) message.Content = new StreamContent(context.Request.Body);
        foreach ((string name, string value) in request.Headers)
        {
            if (name is "Expect" or "Connection" or "Transfer-Encoding") continue;
            if (!message.Headers.TryAddWithoutValidation(name, value)) message.Content?.Headers.TryAddWithoutValidation(name, value);
        }
        return await s_client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
    }
}

/// <summary>What a server lacks.</summary>
internal interface IProxyRules
{
    Task<HttpResponseMessage> AnswerAsync(ProxiedRequest request, HttpContext context, Func<Task<HttpResponseMessage>> forward);
}
