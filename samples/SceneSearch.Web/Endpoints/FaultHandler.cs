using Microsoft.AspNetCore.Diagnostics;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Text;

namespace SceneSearch.Web.Endpoints;

/// <summary>Answers exceptions with problem details (RFC 9457).</summary>
internal sealed class FaultHandler(IProblemDetailsService problems) : IExceptionHandler
{
    // Nobody reads the answer, but logs tell it from a fault of the server.
    private const int ClientClosedRequest = 499;

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken token)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ClientClosedRequest;
            return true;
        }
        int status = exception switch
        {
            RequestFault fault => fault.Status,
            BadHttpRequestException fault => fault.StatusCode,
            KeyNotFoundException => StatusCodes.Status404NotFound,
            SwanTextException or ArgumentException => StatusCodes.Status400BadRequest,
            // The index or a scene can't be read now; it may be there again in a moment.
            SwanFormatException or SwanImageException or IOException or UnauthorizedAccessException =>
                StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        string? detail = exception is RequestFault or SwanException or BadHttpRequestException ? exception.Message : null;
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context, ProblemDetails = { Status = status, Detail = detail }, Exception = exception,
        });
    }
}
