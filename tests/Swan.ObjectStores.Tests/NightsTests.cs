using System.Diagnostics;
using Swan.Batch.Stores;
using Swan.Batch.Tests;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests;

/// <summary>Nights of <c>swan embed</c> from a store and into it, each killed once: images come, change and go.</summary>
public sealed class NightsTests(S3Server s3, AzuriteServer azure) : IDisposable
{
    // A write of each kind stalls, and the process is killed there.
    private static readonly string[] s_killed = ["/embeddings/", "/rows/", "/records/"];

    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Killed_nights_from_S3_have_the_rows_of_undisturbed_ones() => Nights(
        () => new StoreProxy(s3.Address, new S3Rules(s3.Folder)), proxy => S3Server.Open(proxy),
        proxy => ["--endpoint", proxy.Address.AbsoluteUri], _ => []);

    [Fact]
    public Task Killed_nights_from_Azure_have_the_rows_of_undisturbed_ones() => Nights(
        () => new StoreProxy(azure.Address), proxy => azure.Open(proxy), _ => [],
        proxy => [("AZURE_STORAGE_CONNECTION_STRING", AzuriteServer.Connection(proxy.Address))]);

    private async Task Nights(
        Func<StoreProxy> connect, Func<StoreProxy, ObjectStore> open, Func<StoreProxy, string[]> options,
        Func<StoreProxy, (string, string)[]> environment)
    {
        await using StoreProxy filling = connect();
        using ObjectStore store = open(filling);
        for (int night = 0; night < s_killed.Length; night++)
        {
            await ChangeAsync(store, night);
            await using (StoreProxy stalling = connect())
            {
                stalling.Fail(r => r.IsWrite && r.Path.Contains(s_killed[night], StringComparison.Ordinal), new Stalls());
                using Process process = Process.Start(Command(stalling, "out"))!;
                try
                {
                    await Eventually.True(() => process.HasExited || stalling.HasFailed, $"a write below {s_killed[night]}");
                }
                finally
                {
                    process.Kill();
                    await process.WaitForExitAsync(Token);
                }
                Assert.Equal(128 + 9, process.ExitCode);
            }
            await using StoreProxy proxy = connect();
            (int code, string output, string errors) = ChildProcess.Finish(Command(proxy, "out"), Token);
            Assert.True(code == 0, $"{output}\n{errors}");

            await _folder.RunAsync();
            Assert.Equal(await TextsAsync(_folder.Out), await TextsAsync(await FetchAsync(store, "out/")));
        }
        await _folder.RunAsync(options => options.Output = _folder.File("fresh"));
        Assert.Equal(await TextsAsync(_folder.File("fresh")), await TextsAsync(_folder.Out));

        ProcessStartInfo Command(StoreProxy proxy, string output)
        {
            var start = new ProcessStartInfo("dotnet",
            [
                Path.Combine(Repository.Output("Swan.Cli"), "swan.dll"), "embed", "--model", _folder.Model,
                "--images", $"{store.Address}/images", "--out", $"{store.Address}/{output}", "--shards", "3", "--max-bad", "1",
                .. options(proxy),
            ]);
            foreach ((string name, string value) in environment(proxy)) start.Environment[name] = value;
            return start;
        }
    }

    // In the store and in the folder alike: the first night brings 16 images, each later one changes, deletes, moves and adds some.
    private async Task ChangeAsync(ObjectStore store, int night)
    {
        for (int i = 0; i < 20; i++)
        {
            string name = $"{i:D2}.png", path = Path.Combine(_folder.Images, name);
            if (night > 0 && i % 7 == night)
            {
                File.Delete(path);
                await store.DeleteAsync($"images/{name}", Token);
                continue;
            }
            if (night == 0 ? i >= 16 : i < 16 && i % 5 != night) continue;
            _folder.Draw(name, seed: 100 * night + i);
            await PutAsync(store, name);
        }
        File.Copy(Path.Combine(_folder.Images, "00.png"), Path.Combine(_folder.Images, $"copy-{night}.png"));
        File.WriteAllText(Path.Combine(_folder.Images, $"bad-{night}.png"), "no image");
        await PutAsync(store, $"copy-{night}.png");
        await PutAsync(store, $"bad-{night}.png");
    }

    private async Task PutAsync(ObjectStore store, string name)
    {
        await using FileStream content = File.OpenRead(Path.Combine(_folder.Images, name));
        await store.WriteAsync($"images/{name}", content, Token);
    }

    private async Task<string> FetchAsync(ObjectStore store, string prefix)
    {
        string folder = _folder.File($"fetched-{Guid.NewGuid():N}");
        await foreach (StoredObject stored in store.ListAsync(prefix, Token))
        {
            string path = Path.Combine(folder, stored.Key[prefix.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using StoredContent content = (await store.OpenAsync(stored.Key, Token))!;
            await using FileStream file = File.Create(path);
            await content.Content.CopyToAsync(file, Token);
        }
        return folder;
    }

    private static async Task<string[]> TextsAsync(string output) => [.. (await BatchFolder.RowsAsync(output)).Select(row => row.Text)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
