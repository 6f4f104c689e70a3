using System.Net;
using Microsoft.AspNetCore.Http;

namespace Swan.ObjectStores.Tests.Servers;

/// <summary>What a proxy does instead of passing on a request and its answer.</summary>
internal abstract record ProxyFault
{
    /// <summary>Does it.</summary>
    /// <param name="context">The client's request.</param>
    /// <param name="forward">Asks the server, by request.</param>
    public abstract Task DoAsync(HttpContext context, Func<Task<HttpResponseMessage>> forward);
}

/// <summary>An answer without the server.</summary>
internal sealed record Says(HttpStatusCode Status, string Code = "", string? RetryAfter = null, string More = "", string? Region = null)
    : ProxyFault
{
    public override async Task DoAsync(HttpContext context, Func<Task<HttpResponseMessage>> forward)
    {
        context.Response.StatusCode = (int)Status;
        if (RetryAfter is not null) context.Response.Headers.RetryAfter = RetryAfter;
        if (Region is not null) context.Response.Headers["x-amz-bucket-region"] = Region;
        context.Response.Headers["x-ms-error-code"] = Code;
        context.Response.ContentType = "application/xml";
        // Small bodies are read first, so that the client gets to see the answer.
        await context.Request.Body.CopyToAsync(Stream.Null);
        await context.Response.WriteAsync($"<?xml version=\"1.0\"?><Error><Code>{Code}</Code><Message>{More}</Message></Error>");
    }
}

/// <summary>The connection ends before there is an answer.</summary>
internal sealed record Resets : ProxyFault
{
    public override Task DoAsync(HttpContext context, Func<Task<HttpResponseMessage>> forward)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}

/// <summary>The request is done, and the answer lost.</summary>
internal sealed record LosesAnswer : ProxyFault
{
    public override async Task DoAsync(HttpContext context, Func<Task<HttpResponseMessage>> forward)
    {
        using HttpResponseMessage response = await forward();
        context.Abort();
    }
}

/// <summary>The body ends, or goes on no more, after some bytes; the headers are those of the whole.</summary>
/// <param name="After">How many.</param>
/// <param name="Stalls">Whether the connection stays.</param>
internal sealed record Cuts(int After, bool Stalls = false) : ProxyFault
{
    public override async Task DoAsync(HttpContext context, Func<Task<HttpResponseMessage>> forward)
    {
        using HttpResponseMessage response = await forward();
        StoreProxy.CopyHead(response, context.Response);
        byte[] bytes = await response.Content.ReadAsByteArrayAsync();
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, Math.Min(After, bytes.Length)));
        await context.Response.Body.FlushAsync();
        if (Stalls) await StoreProxy.UntilLeftAsync(context);
        else context.Abort();
    }
}

/// <summary>No answer, and the connection stays.</summary>
internal sealed record Stalls : ProxyFault
{
    public override Task DoAsync(HttpContext context, Func<Task<HttpResponseMessage>> forward) => StoreProxy.UntilLeftAsync(context);
}

/// <summary>A whole answer of fewer bytes than there are, whose headers tell no length.</summary>
internal sealed record HidesLength(int After) : ProxyFault
{
    public override async Task DoAsync(HttpContext context, Func<Task<HttpResponseMessage>> forward)
    {
        using HttpResponseMessage response = await forward();
        StoreProxy.CopyHead(response, context.Response);
        context.Response.Headers.ContentLength = null;
        byte[] bytes = await response.Content.ReadAsByteArrayAsync();
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, Math.Min(After, bytes.Length)));
    }
}

/// <summary>A byte of the body is another one.</summary>
internal sealed record Corrupts(int At) : ProxyFault
{
    public override async Task DoAsync(HttpContext context, Func<Task<HttpResponseMessage>> forward)
    {
        using HttpResponseMessage response = await forward();
        StoreProxy.CopyHead(response, context.Response);
        byte[] bytes = await response.Content.ReadAsByteArrayAsync();
        bytes[At] ^= 1;
        await context.Response.Body.WriteAsync(bytes);
    }
}
