using System.Net.Http.Headers;
using Swan.Batch.Archives;
using Swan.Batch.Stores;
using Swan.ObjectStores.Tests.Conformance;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests.Archives;

public sealed class S3ArchiveTests(S3Server server) : ArchiveConformance
{
    [Fact]
    public async Task Of_a_large_archive_only_what_is_needed_is_asked_for()
    {
        using var proxy = new StoreProxy(server.Address, new S3Rules(server.Folder));
        using var store = new ArchiveStore(S3Server.Open(proxy));
        using ObjectStore inner = ObjectStores.Open(store.Address, S3Server.Options(proxy));
        Dictionary<string, byte[]> files =
            Enumerable.Range(0, 20).ToDictionary(i => $"{i:D2}.bin", _ => StoreConformance.Random(1_000_000));
        foreach (string kind in (string[])["tar", "zip"])
        {
            byte[] archive = PackedFiles.Pack(kind, files);
            await inner.WriteAsync($"a.{kind}", new MemoryStream(archive));
            int before = proxy.Requests.Count(r => r.IsRead);
            List<StoredObject> listed = await StoreConformance.List(store, $"a.{kind}");
            int forListing = proxy.Requests.Count(r => r.IsRead) - before;
            // One a header, or the end and the directory.
            Assert.InRange(forListing, 1, kind == "tar" ? 25 : 3);
            using StoredContent? opened = await store.OpenAsync(listed[10]);
            var bytes = new MemoryStream();
            await opened!.Content.CopyToAsync(bytes);
            Assert.Equal(files["10.bin"], bytes.ToArray());
            Assert.Equal(before + forListing + 1, proxy.Requests.Count(r => r.IsRead));
            Assert.All(proxy.Requests.Where(r => r.IsRead).Skip(before),
                r => Assert.InRange(Asked(r.Header("Range")!, archive.Length), 1, 1_010_000));
        }
    }

    protected override ObjectStore OpenEmpty()
    {
        StoreProxy proxy = Keep(new StoreProxy(server.Address, new S3Rules(server.Folder)));
        return S3Server.Open(proxy);
    }

    private static long Asked(string range, long size)
    {
        RangeItemHeaderValue asked = RangeHeaderValue.Parse(range).Ranges.Single();
        return (asked.To ?? size - 1) + 1 - asked.From!.Value;
    }
}
