using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Swan.Batch;
using Swan.ObjectStores.Remote;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.S3;

/// <summary>Makes the SDK's client, without its retries.</summary>
internal static class S3Client
{
    /// <summary>Makes it.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="address">The store's address, for errors.</param>
    /// <param name="http">Makes the requests; the caller's.</param>
    /// <exception cref="SwanBatchException">There is no region.</exception>
    public static AmazonS3Client Create(StoreSettings options, string address, HttpClient http)
    {
        var config = new AmazonS3Config
        {
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            DisableClockSkewCorrection = true,
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
            HttpClientFactory = new OneClient(http),
            DisableLogging = true,
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.ForcePathStyle = true;
            config.AuthenticationRegion = options.Region ?? "us-east-1";
        }
        else if (options.Region is { } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
        if (!IsChunked(options))
        {
            config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }
        try
        {
            return options.Anonymous ? new AmazonS3Client(new AnonymousAWSCredentials(), config) : new AmazonS3Client(config);
        }
        catch (AmazonClientException e)
        {
            throw new SwanBatchException(
                $"{address} can't be opened: the region of the bucket is unknown. Set the environment variable AWS_REGION or "
                + "the region of a profile, or name the store's server (--endpoint; in code: ObjectStoreOptions.Endpoint).",
                innerException: e);
        }
    }

    /// <summary>Whether uploads come in chunks.</summary>
    public static bool IsChunked(StoreSettings options) => options.ChunkedUploads ?? options.Endpoint is null;

    private sealed class OneClient(HttpClient http) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
