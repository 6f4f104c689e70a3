using System.Net;
using Azure;
using Azure.Identity;
using Swan.Batch.Stores;
using Swan.ObjectStores.Remote;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.Azure;

/// <summary>What Azure's errors mean.</summary>
internal static class AzureFaults
{
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMinutes(15);

    /// <summary>Interprets an error; null if it is not from the SDK.</summary>
    public static Fault? Of(Exception error, Attempt attempt, AzureAddress address) => error switch
    {
        AuthenticationFailedException e when MayPass(e) => new Fault(StoreFailure.Unavailable, "the credential service doesn't answer",
            "Try again later.", e),
        AuthenticationFailedException e => new Fault(StoreFailure.NoCredentials, "no credentials work",
            $"Set {AzureClient.ConnectionString}, or sign in as Azure's own tools do (az login, environment, managed identity). For "
            + "public data, send none (--anonymous; in code: ObjectStoreOptions.Anonymous).", e),
        RequestFailedException { Status: 0 } e => TransportFaults.Of(e.InnerException ?? e),
        RequestFailedException e => OfService(e, attempt.Answer, address),
        _ => null,
    };

    // On a machine outside Azure, the credential service doesn't answer: there are no credentials.
    private static bool MayPass(AuthenticationFailedException error)
    {
        if (error is CredentialUnavailableException) return false;
        for (Exception? cause = error.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is RequestFailedException { Status: 0 or 408 or 429 or >= 500 } or HttpRequestException or TimeoutException)
                return true;
        }
        return false;
    }

    private static Fault OfService(RequestFailedException e, Answer? answer, AzureAddress address)
    {
        var status = (HttpStatusCode)e.Status;
        string code = e.ErrorCode ?? "";
        string found = $"{e.Status} {(code.Length == 0 ? status.ToString() : code)}"
            + (e.GetRawResponse()?.Headers.TryGetValue("x-ms-request-id", out string? id) == true ? $" (request {id})" : "");
        if (code == "AuthenticationFailed" && answer?.Skew is { } skew && skew.Duration() > s_tolerance)
        {
            return new Fault(StoreFailure.Clock, found, $"{Answer.Told(skew)} Set the clock.");
        }
        return code switch
        {
            "AuthenticationFailed" => new Fault(StoreFailure.Denied, found,
                "The key or the shared access signature is not, or is no longer, valid: it may have expired, or the account's key was "
                + "renewed. Get a new one."),
            "AuthorizationPermissionMismatch" or "AuthorizationFailure" or "InsufficientAccountPermissions"
                or "AuthorizationResourceTypeMismatch" or "AuthorizationServiceMismatch" or "AuthorizationProtocolMismatch"
                or "AuthorizationSourceIPMismatch" or "AccountIsDisabled" or "PublicAccessNotPermitted" or "NoAuthenticationInformation" =>
                new Fault(StoreFailure.Denied, found,
                    $"The user may not do that in the container '{address.Container}'. Check the role (Storage Blob Data Reader or "
                    + "Contributor), the permissions of a shared access signature, and the account's network rules."),
            // Azure reports 'not found' to unknown users: without the address's signature, or anonymous.
            "ResourceNotFound" => new Fault(StoreFailure.Denied, found,
                $"The container '{address.Container}' of the account '{address.Account}' is not public, and does not know this user. "
                + "Give an address with a shared access signature, or credentials."),
            "ContainerNotFound" => new Fault(StoreFailure.NoContainer, found,
                $"There is no container '{address.Container}' in the account '{address.Account}'. Check both names, or create it."),
            "ServerBusy" => new Fault(StoreFailure.Throttled, found),
            "OperationTimedOut" => new Fault(StoreFailure.TimedOut, found),
            "InternalError" => new Fault(StoreFailure.Unavailable, found),
            "LeaseIdMissing" => new Fault(StoreFailure.Unavailable, found,
                "Another program holds a lease on the blob. Wait until it releases the lease."),
            _ => TransportFaults.Of(status, "") with { Found = found },
        };
    }
}
