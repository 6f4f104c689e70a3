using Swan.Batch;
using Swan.Batch.Stores;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.S3;

/// <summary>A bucket, and what the names of its objects begin with.</summary>
internal sealed record S3Address(string Bucket, string Prefix)
{
    private const string Scheme = "s3://";

    /// <summary>Reads <c>s3://bucket/prefix</c>.</summary>
    /// <exception cref="SwanBatchException">It is not such an address.</exception>
    public static S3Address Parse(string address)
    {
        string shown = StoreAddress.WithoutSecrets(address), rest = address[Scheme.Length..];
        if (shown.Length != address.Length)
        {
            throw new SwanBatchException(
                $"The address of '{shown}' contains credentials, which S3 addresses can't have. Remove them, and set them up as for "
                + "AWS's own tools: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the machine's role.");
        }
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string bucket = slash < 0 ? rest : rest[..slash], prefix = slash < 0 ? "" : rest[(slash + 1)..];
        if (bucket.Length < 3 || bucket.AsSpan().ContainsAnyExcept(s_bucketCharacters))
            throw new SwanBatchException($"'{shown}' names no bucket. Expected s3://bucket or s3://bucket/prefix.");
        if (prefix.Length > 0 && !prefix.EndsWith('/')) prefix += "/";
        if (prefix.Length > 0) StoreKey.Check(prefix, Scheme + bucket);
        return new S3Address(bucket, prefix);
    }

    public override string ToString() => Prefix.Length == 0 ? Scheme + Bucket : $"{Scheme}{Bucket}/{Prefix[..^1]}";

    public S3Store Open(StoreSettings options) => new(this, options);

    private static readonly System.Buffers.SearchValues<char> s_bucketCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");
}
