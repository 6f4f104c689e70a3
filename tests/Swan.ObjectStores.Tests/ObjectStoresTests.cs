using Swan.Batch;
using Swan.Batch.Stores;
using Swan.MLNet;
using Swan.ObjectStores.Tests.Conformance;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests;

public sealed class ObjectStoresTests
{
    private static readonly ObjectStoreOptions s_options = new() { Region = "eu-central-1", Variable = _ => null };

    [Theory]
    [InlineData("s3://bucket", "s3://bucket")]
    [InlineData("s3://bucket/", "s3://bucket")]
    [InlineData("S3://bucket/a/b c/", "s3://bucket/a/b c")]
    [InlineData("s3://bucket/a?b#c", "s3://bucket/a?b#c")]
    [InlineData("az://account/container", "az://account/container")]
    [InlineData("az://account/container/a/b/", "az://account/container/a/b")]
    [InlineData("https://account.blob.core.windows.net/container/a%20b", "https://account.blob.core.windows.net/container/a b")]
    [InlineData("https://account.blob.core.windows.net/container/a?sv=1&sig=secretsecret",
        "https://account.blob.core.windows.net/container/a")]
    [InlineData("https://example.org/data/?token=secretsecret#x", "https://example.org/data/")]
    [InlineData("https://user:secret@example.org/data", "https://example.org/data")]
    [InlineData("http://example.org:8080", "http://example.org:8080")]
    public void A_store_says_where_it_is_and_nothing_secret(string address, string expected)
    {
        using ObjectStore store = ObjectStores.Open(address, s_options);
        Assert.Equal(expected, store.Address);
    }

    [Theory]
    [InlineData("a folder")]
    [InlineData("/some/where")]
    [InlineData("C:\\somewhere")]
    public void What_has_no_scheme_is_a_folder(string path)
    {
        using ObjectStore store = ObjectStores.Open(path);
        Assert.IsType<FolderStore>(store);
        Assert.Equal(Path.GetFullPath(path), store.Address);
    }

    [Fact]
    public void A_file_URL_is_a_folder()
    {
        using ObjectStore store = ObjectStores.Open("file:///some/where%20else");
        Assert.Equal(Path.GetFullPath("/some/where else"), store.Address);
        Assert.Throws<SwanBatchException>(() => ObjectStores.Open("file://server/share"));
    }

    [Theory]
    [InlineData("gs://bucket/prefix", "https://storage.googleapis.com")]
    [InlineData("ftp://user:topsecret@host/x", "'ftp://host/x'")]
    [InlineData("s3://", "names no bucket")]
    [InlineData("s3:///prefix", "names no bucket")]
    [InlineData("s3://key:topsecret@bucket/prefix", "contains credentials")]
    [InlineData("s3://bucket/a/../b", "may lead out")]
    [InlineData("az://account", "names no container")]
    [InlineData("az:///container", "names no container")]
    [InlineData("az://account:topsecret@x/container", "contains credentials")]
    [InlineData("https://account.blob.core.windows.net", "names no container")]
    [InlineData("https://", "not a web address")]
    public void What_is_no_address_is_refused(string address, string message)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => ObjectStores.Open(address, s_options));
        Assert.True(error is SwanBatchException or StoreException, error.ToString());
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_with_options_is_said_at_once()
    {
        var options = new ObjectStoreOptions
        {
            Endpoint = new Uri("https://user:topsecret@host"), Region = " ", PartSize = 1, MaxAttempts = 0, MaxDelay = TimeSpan.Zero,
            StallTimeout = TimeSpan.FromDays(2), Timeout = TimeSpan.Zero,
        };
        SwanOptionsException error = Assert.Throws<SwanOptionsException>(() => ObjectStores.Open("s3://bucket", options));
        Assert.All(["Endpoint contains credentials", "Region is empty", "PartSize is 1", "MaxAttempts is 0", "MaxDelay is 00:00:00",
            "FirstDelay is 00:00:00.5", "StallTimeout is 2.00:00:00", "Timeout is 00:00:00"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("topsecret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bucket_without_a_region_is_said_to_lack_one()
    {
        SwanBatchException error = Assert.Throws<SwanBatchException>(() => ObjectStores.Open("s3://bucket"));
        Assert.Contains("AWS_REGION", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_server_is_read_by_paths_and_by_URLs_and_nothing_else()
    {
        byte[] file = StoreConformance.Random(1000);
        using var proxy = new StoreProxy(null, new WebFiles { ["/data/a b/é+%.png"] = file, ["/other"] = [1] });
        using ObjectStore store = ObjectStores.Open($"{proxy.Address}data?token=secretsecret");
        Assert.Equal(file, await StoreConformance.Bytes(store, "a b/é+%.png"));
        Assert.Equal("?token=secretsecret", proxy.Requests[^1].Query);
        Assert.Equal([1], await StoreConformance.Bytes(store, $"{proxy.Address}other?sig=0123456789"));
        Assert.Equal("?sig=0123456789", proxy.Requests[^1].Query);
        Assert.Null(await StoreConformance.Bytes(store, "missing"));
        using ObjectStore single = ObjectStores.Open($"{proxy.Address}other?token=1");
        Assert.Equal([1], await StoreConformance.Bytes(single, ""));

        await Assert.ThrowsAnyAsync<IOException>(() => store.OpenAsync("../other"));
        await Assert.ThrowsAnyAsync<IOException>(() => StoreConformance.Keys(store, ""));
        await Assert.ThrowsAnyAsync<IOException>(() => store.WriteAsync("a", new MemoryStream()));
        await Assert.ThrowsAnyAsync<IOException>(() => store.CreateAsync("a", new MemoryStream()));
        await Assert.ThrowsAnyAsync<IOException>(() => store.DeleteAsync("a"));
        SwanBatchException unfit = await Assert.ThrowsAsync<SwanBatchException>(() => StoreProbe.CheckAsync(store));
        Assert.Contains("read only", unfit.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_and_password_of_an_address_are_sent_as_such()
    {
        using var proxy = new StoreProxy(null, new WebFiles { ["/a"] = [1] });
        using ObjectStore store = ObjectStores.Open($"http://us%20er:p%40ss@{proxy.Address.Authority}");
        Assert.Equal([1], await StoreConformance.Bytes(store, "a"));
        Assert.Equal("Basic " + Convert.ToBase64String("us er:p@ss"u8), proxy.Requests[^1].Header("Authorization"));
    }

    [Theory]
    [InlineData("https://u:p@host/a?b#c", "https://host/a")]
    [InlineData("a/b?c@d.png", "a/b?c@d.png")]
    [InlineData("s3://bucket/a?b", "s3://bucket/a?b")]
    public void Secrets_can_be_taken_out_of_addresses(string address, string expected) =>
        Assert.Equal(expected, ObjectStores.WithoutSecrets(address));
}
