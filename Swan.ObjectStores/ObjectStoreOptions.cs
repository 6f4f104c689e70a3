using Microsoft.Extensions.Logging;
using Swan.MLNet;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores;

/// <summary>Endpoints, credentials, retries and time limits of stores.</summary>
/// <remarks>
/// Not thread-safe while it is changed; a store reads it once. Credentials come from the environment, not from options.
/// </remarks>
public sealed class ObjectStoreOptions
{
    private const int MiB = 1 << 20;

    /// <summary>The server of stores that are not Amazon's or Azure's own, such as <c>https://minio.example:9000</c>.</summary>
    /// <remarks>
    /// Default null: the server of the address. For Azurite it ends with the account:
    /// <c>http://127.0.0.1:10000/devstoreaccount1</c>. Buckets are then part of the path, not of the server's name.
    /// </remarks>
    public Uri? Endpoint { get; set; }

    /// <summary>The region of an S3 bucket, such as <c>eu-central-1</c>.</summary>
    /// <remarks>Default null: the SDK's region (<c>AWS_REGION</c>, profile); with an <see cref="Endpoint"/>, <c>us-east-1</c>.</remarks>
    public string? Region { get; set; }

    /// <summary>Whether requests are sent without credentials, as for public data.</summary>
    /// <remarks>Default false.</remarks>
    public bool Anonymous { get; set; }

    /// <summary>Whether uploads to S3 come in signed chunks with a checksum at the end.</summary>
    /// <remarks>
    /// Default null: only without an <see cref="Endpoint"/>. Some other stores keep the chunks' headers as content;
    /// <see cref="Swan.Batch.Stores.StoreProbe"/> detects this.
    /// </remarks>
    public bool? ChunkedUploads { get; set; }

    /// <summary>Larger objects are written in parts of at least this size, in bytes, 5 MiB to 1 GiB.</summary>
    /// <remarks>Default 16 MiB. A part that fails is sent again; parts take no memory.</remarks>
    public long PartSize { get; set; } = 16 * MiB;

    /// <summary>Maximum number of attempts at a request, 1 to 100.</summary>
    /// <remarks>Default 8. Each read that gets bytes resets the count.</remarks>
    public int MaxAttempts { get; set; } = 8;

    /// <summary>The pause after the first failure, 1 ms to <see cref="MaxDelay"/>; it doubles with each further failure.</summary>
    /// <remarks>Default 0.5 s. Half of it is random, so many processes don't retry at once.</remarks>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Maximum pause, 1 ms to 10 minutes, even if a server asks for a longer one (<c>Retry-After</c>).</summary>
    /// <remarks>Default 30 s.</remarks>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an attempt may go without a byte sent, a byte received or an answer, 10 ms to 1 hour.</summary>
    /// <remarks>Default 60 s.</remarks>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long all attempts at one object, or at one page of a listing, may take together, 10 ms to 1 day.</summary>
    /// <remarks>Default 1 hour. While an object is read, only the wait for the store counts.</remarks>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Logs a warning for each failed attempt.</summary>
    /// <remarks>Default null: no log.</remarks>
    public ILogger? Logger { get; set; }

    /// <summary>The environment's variables; tests have their own.</summary>
    internal Func<string, string?> Variable { get; set; } = Environment.GetEnvironmentVariable;

    /// <summary>Waits between attempts; tests don't.</summary>
    internal Func<TimeSpan, CancellationToken, Task> Wait { get; set; } = Task.Delay;

    /// <summary>The options as they are now.</summary>
    /// <inheritdoc cref="Check" path="/exception"/>
    internal StoreSettings Settings()
    {
        Check();
        return new StoreSettings
        {
            Endpoint = Endpoint,
            Region = Region,
            Anonymous = Anonymous,
            ChunkedUploads = ChunkedUploads,
            PartSize = PartSize,
            MaxAttempts = MaxAttempts,
            FirstDelay = FirstDelay,
            MaxDelay = MaxDelay,
            StallTimeout = StallTimeout,
            Timeout = Timeout,
            Logger = Logger,
            Variable = Variable,
            Wait = Wait,
        };
    }

    /// <summary>Reports all that is wrong at once.</summary>
    /// <exception cref="SwanOptionsException">Options are out of range; all are named.</exception>
    private void Check()
    {
        var faults = new List<string>();
        if (Endpoint is not null && (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https")))
            faults.Add($"{nameof(Endpoint)} is not an http:// or https:// address");
        else if (Endpoint is not null && (Endpoint.UserInfo.Length > 0 || Endpoint.Query.Length > 0))
            faults.Add($"{nameof(Endpoint)} contains credentials or a query; expected the server's address alone");
        if (Region is not null && string.IsNullOrWhiteSpace(Region)) faults.Add($"{nameof(Region)} is empty; expected a region, or null");
        if (PartSize is < 5 * MiB or > 1024L * MiB) faults.Add($"{nameof(PartSize)} is {PartSize}; expected 5 MiB to 1 GiB, in bytes");
        if (MaxAttempts is < 1 or > 100) faults.Add($"{nameof(MaxAttempts)} is {MaxAttempts}; expected 1 to 100");
        TimeSpan tick = TimeSpan.FromMilliseconds(1), soon = TimeSpan.FromMilliseconds(10);
        Within(nameof(MaxDelay), MaxDelay, tick, TimeSpan.FromMinutes(10));
        Within(nameof(FirstDelay), FirstDelay, tick, MaxDelay < tick ? tick : MaxDelay);
        Within(nameof(StallTimeout), StallTimeout, soon, TimeSpan.FromHours(1));
        Within(nameof(Timeout), Timeout, soon, TimeSpan.FromDays(1));
        if (faults.Count == 0) return;
        throw new SwanOptionsException($"The options of the object store are not valid: {string.Join("; ", faults)}.");

        void Within(string name, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most) faults.Add($"{name} is {value:c}; expected {least:c} to {most:c}");
        }
    }
}
