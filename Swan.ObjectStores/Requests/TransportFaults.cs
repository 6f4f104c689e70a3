using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Swan.Batch.Stores;

namespace Swan.ObjectStores.Requests;

/// <summary>Failures that all protocols share: connections, and what HTTP's numbers mean.</summary>
internal static class TransportFaults
{
    /// <summary>What an error is that came from the connection.</summary>
    /// <returns>Null where none of its causes is of that kind.</returns>
    public static Fault? Of(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case AuthenticationException:
                    return new Fault(StoreFailure.Other, "a secure connection can't be established (TLS)",
                        "This machine does not trust its certificate. Check the address, and the machine's certificates.", e);
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }:
                    return new Fault(StoreFailure.Unreachable, "the server's name is unknown",
                        "Check the address, and this machine's DNS.", e);
                case HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError, InnerException: not AuthenticationException,
                }:
                    return new Fault(StoreFailure.Unreachable, "no connection", Cause: e);
                case TimeoutException:
                    return new Fault(StoreFailure.TimedOut, "no connection in time", Cause: e);
                case BodyBrokenException:
                case HttpIOException:
                case HttpRequestException { InnerException: not AuthenticationException, StatusCode: null }:
                case SocketException:
                case IOException:
                    return new Fault(
                        StoreFailure.Broken, "the connection broke off", Cause: e is BodyBrokenException ? e.InnerException : e);
            }
        }
        return null;
    }

    /// <summary>What a status means where no protocol's own code says more.</summary>
    public static Fault Of(HttpStatusCode status, string code)
    {
        string found = code.Length == 0 ? $"{(int)status}" : $"{(int)status} {code}";
        return status switch
        {
            HttpStatusCode.RequestTimeout => new Fault(StoreFailure.TimedOut, found),
            HttpStatusCode.TooManyRequests => new Fault(StoreFailure.Throttled, found),
            HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout => new Fault(StoreFailure.Unavailable, found),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.ProxyAuthenticationRequired =>
                new Fault(StoreFailure.Denied, found),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new Fault(StoreFailure.NoContainer, found),
            HttpStatusCode.PreconditionFailed => new Fault(StoreFailure.Changed, found),
            HttpStatusCode.NotImplemented => new Fault(StoreFailure.NotSupported, found),
            _ => new Fault(StoreFailure.Other, found),
        };
    }
}
