using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Swan.Batch.Stores;
using Swan.ObjectStores.Remote;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.S3;

/// <summary>What S3's errors mean.</summary>
internal static class S3Faults
{
    /// <summary>Interprets an error; null if it is not from the SDK.</summary>
    public static Fault? Of(Exception error, Attempt attempt, S3Address address) => error switch
    {
        AmazonS3Exception e when e.StatusCode != 0 => OfService(e, attempt.Answer, address),
        // Requests for credentials don't go through our client, so there is no answer.
        AmazonClientException e when attempt.Answer is null && e.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase) =>
            new Fault(StoreFailure.NoCredentials, "there are no credentials",
                "Set them up as for AWS's own tools: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the machine's role. "
                + "For public data, send none (--anonymous; in code: ObjectStoreOptions.Anonymous).", e),
        // The SDK compares bytes with the object's tag. Those before were handed out already, so going on would not make them right.
        AmazonClientException e when e.Message.Contains("hash", StringComparison.Ordinal) => attempt.Answer is { HasLength: false }
            ? new Fault(StoreFailure.Broken, "the body is not the object's", Cause: e)
            : new Fault(StoreFailure.Changed, "the bytes don't match the store's checksum (ETag)",
                "They were changed on the way or in the store. Read it again; if that doesn't help, write the object again.", e),
        AmazonServiceException { InnerException: { } inner } => TransportFaults.Of(inner),
        _ => null,
    };

    private static Fault OfService(AmazonS3Exception e, Answer? answer, S3Address address)
    {
        HttpStatusCode status = e.StatusCode;
        string code = e.ErrorCode ?? "";
        string found = $"{(int)status} {(code.Length == 0 ? status.ToString() : code)}"
            + (string.IsNullOrEmpty(e.RequestId) ? "" : $" (request {e.RequestId})");
        return code switch
        {
            "RequestTimeTooSkewed" => new Fault(StoreFailure.Clock, found, Skew(answer)),
            "InvalidAccessKeyId" => new Fault(StoreFailure.Denied, found,
                "The store doesn't know the access key. Check which credentials are in use (environment, profile, role), and whether "
                + "they are for this store."),
            "SignatureDoesNotMatch" => new Fault(StoreFailure.Denied, found,
                "The secret key doesn't belong to the access key, or something on the way changes requests. Set both keys again."),
            // A new process gets new ones from its role.
            "ExpiredToken" or "TokenRefreshRequired" => new Fault(StoreFailure.Expired, found,
                "The credentials have expired. Renew them."),
            "AccessDenied" or "AllAccessDisabled" or "AccountProblem" => new Fault(StoreFailure.Denied, found,
                $"The user may not do that in the bucket '{address.Bucket}'. Check the permissions s3:GetObject, s3:PutObject, "
                + "s3:DeleteObject, s3:AbortMultipartUpload and s3:ListBucket; without the last one, S3 also denies access to an object "
                + "that doesn't exist."),
            "NoSuchBucket" => new Fault(StoreFailure.NoContainer, found,
                $"There is no bucket '{address.Bucket}'. Check its name and the endpoint, or create it."),
            "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" =>
                WrongRegion(found, answer, address),
            "SlowDown" or "Throttling" or "ThrottlingException" or "RequestLimitExceeded" or "TooManyRequests" =>
                new Fault(StoreFailure.Throttled, found),
            // Status 400: the store waited for bytes of ours.
            "RequestTimeout" => new Fault(StoreFailure.TimedOut, found),
            // Also with status 200, where the server began to answer before it knew.
            "InternalError" or "ServiceUnavailable" => new Fault(StoreFailure.Unavailable, found),
            // Another process writes the same object at the same moment.
            "ConditionalRequestConflict" or "OperationAborted" => new Fault(StoreFailure.Unavailable, found),
            "NotImplemented" => new Fault(StoreFailure.NotSupported, found),
            _ when status is HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect => WrongRegion(found, answer, address),
            _ => TransportFaults.Of(status, "") with { Found = found },
        };
    }

    private static Fault WrongRegion(string found, Answer? answer, S3Address address) => new(StoreFailure.WrongRegion, found,
        $"The bucket '{address.Bucket}' is in {(answer?.Region is { } region ? $"the region {region}" : "another region")}. Set that one "
        + "in the environment variable AWS_REGION.");

    private static string? Skew(Answer? answer) => answer?.Skew is { } skew && skew.Duration() > TimeSpan.FromMinutes(1)
        ? $"{Answer.Told(skew)} Signed requests are valid for 15. Set the clock."
        : null;
}
