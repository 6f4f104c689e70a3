using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using System.Net;
using Swan.Batch;
using Swan.Batch.Stores;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests;

/// <summary>Plants secrets, lets everything fail, and looks for them wherever somebody may read them.</summary>
[Collection<Alone>]
public sealed class SecretsTests : IDisposable
{
    private const string User = "pl4ntedUser", Password = "pl4ntedPassw0rd", Token = "pl4ntedT0ken/+=", Signature = "pl4ntedS1gnature%2B";
    private const string AccountKey = "cGw0bnRlZEFjY291bnRLZXk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ==";
    private const string AwsKey = "pl4ntedAwsSecretKey0000000000000000000000";

    private static readonly string[] s_secrets = [User, Password, "pl4ntedT0ken", "pl4ntedS1gnature", AccountKey, AwsKey];

    private readonly ConcurrentQueue<string> _seen = new();
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new();
    private readonly Events _events;
    private readonly RecordedLog _log = new();
    private readonly string? _awsKey = Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY");

    public SecretsTests()
    {
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", AwsKey);
        _activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => See(
                $"activity {activity.Source.Name} {activity.DisplayName} {activity.StatusDescription} "
                + string.Join(' ', activity.TagObjects.Concat(activity.Events.SelectMany(e => e.Tags)).Select(t => $"{t.Key}={t.Value}"))),
        };
        ActivitySource.AddActivityListener(_activities);
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => See(instrument.Name, tags));
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => See(instrument.Name, tags));
        _meters.Start();
        _events = new Events(See);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", _awsKey);
        _activities.Dispose();
        _meters.Dispose();
        _events.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Secrets_are_nowhere_to_be_seen()
    {
        using var proxy = new StoreProxy(null, new WebFiles { ["/data/a"] = new byte[100_000], ["/whole"] = new byte[100_000] });
        string server = proxy.Address.Authority;
        foreach (ProxyFault fault in (ProxyFault[])
            [
                new Resets(), new Cuts(10), new Stalls(), new Says(HttpStatusCode.ServiceUnavailable), new Says(HttpStatusCode.BadRequest),
                // Servers repeat what they were sent.
                new Says(
                    HttpStatusCode.Forbidden, "SignatureDoesNotMatch",
                    More: $"{Token} {Signature} {User}:{Password} {AccountKey} {AwsKey}"),
                new Says(HttpStatusCode.Forbidden, $"Odd {Token} {AccountKey} {AwsKey} {Signature} {Password}"),
                new Says(HttpStatusCode.Forbidden, "AuthenticationFailed", More: $"string to sign: {Signature} {AccountKey}"),
            ])
        {
            proxy.Fail(_ => true, fault, times: 1000);
            await FailAsync($"http://{User}:{Password}@{server}/data?token={Token}", "a");
            await FailAsync($"http://{server}/data", $"http://{User}:{Password}@{server}/whole?X-Amz-Signature={Signature}");
            await FailAsync("s3://bucket/prefix", "a", new Uri(proxy.Address.AbsoluteUri));
            await FailAsync(
                "az://account/container/prefix", "a",
                connection: $"AccountName=account;AccountKey={AccountKey};BlobEndpoint={proxy.Address}account;");
            await FailAsync(
                $"https://account.blob.core.windows.net/container?sv=2024-01-01&sr=c&sp=rl&sig={Signature}", "a",
                new Uri(proxy.Address, "account"));
        }
        await FailAsync("az://account/container", "a", connection: $"AccountName=account;AccountKey={AccountKey}not base64;");
        await FailAsync("az://other/container", "a", connection: $"AccountName=account;AccountKey={AccountKey};");
        await FailAsync($"s3://{User}:{Password}@bucket/prefix", "a");
        await FailAsync($"nope://{User}:{Password}@bucket/prefix", "a");

        // All kinds of places were looked at.
        Assert.All(["exception", "activity System.Net.Http", "http.client.request.duration", "event", "log"],
            kind => Assert.Contains(_seen, s => s.StartsWith(kind, StringComparison.Ordinal)));
        Assert.All(_seen, text => Assert.All(
            s_secrets, secret => Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"'{secret}' in: {text}")));
    }

    private async Task FailAsync(string address, string key, Uri? endpoint = null, string? connection = null)
    {
        var options = new ObjectStoreOptions
        {
            Endpoint = endpoint, MaxAttempts = 2, StallTimeout = TimeSpan.FromMilliseconds(50), FirstDelay = TimeSpan.FromMilliseconds(1),
            Variable = name => name == "AZURE_STORAGE_CONNECTION_STRING" ? connection : Environment.GetEnvironmentVariable(name),
            Logger = _log.CreateLogger("stores"),
        };
        Func<ObjectStore, Task>[] uses =
        [
            async store =>
            {
                using StoredContent? opened = await store.OpenAsync(key);
                await opened!.Content.CopyToAsync(Stream.Null);
            },
            store => store.WriteAsync("b", new MemoryStream(new byte[10])),
            async store =>
            {
                await foreach (StoredObject _ in store.ListAsync(""))
                {
                }
            },
            store => StoreProbe.CheckAsync(store),
        ];
        foreach (Func<ObjectStore, Task> use in uses)
        {
            Exception error = await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                using ObjectStore store = ObjectStores.Open(address, options);
                See($"address {store.Address}");
                await use(store);
            });
            Assert.True(error is IOException or SwanBatchException, error.ToString());
            See($"exception {error}");
        }
        foreach (LogEntry entry in _log.Entries) See($"log {entry.Message} {entry.Fault}");
    }

    private void See(string name, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string text = name;
        foreach ((string tag, object? value) in tags) text += $" {tag}={value}";
        See(text);
    }

    private void See(string text) => _seen.Enqueue(text);

    /// <summary>What the SDKs and .NET tell whoever listens.</summary>
    private sealed class Events(Action<string> see) : EventListener
    {
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name.StartsWith("Azure", StringComparison.Ordinal)
                || eventSource.Name.StartsWith("Amazon", StringComparison.Ordinal)
                || eventSource.Name == "System.Net.Http") EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
            see?.Invoke($"event {eventData.EventSource.Name} {eventData.EventName} {string.Join(' ', eventData.Payload ?? new([]))}");
    }
}
