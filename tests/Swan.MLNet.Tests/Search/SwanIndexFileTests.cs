using System.IO.Compression;
using System.Security.Cryptography;
using CsCheck;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search;

public sealed class SwanIndexFileTests : IDisposable
{
    private const int HeaderD = 12, HeaderCount = 16;
    private static readonly ModelIdentity Model = new("rsicd", "abc123");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_index_comes_back_as_it_was_saved()
    {
        SwanIndex index = Small();
        string path = _folder.File("new folder/gallery.swanindex");
        index.Save(path);
        Same(index, SwanIndex.Load(path));
        Assert.Equal(["gallery.swanindex"], Directory.GetFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName));
    }

    [Fact]
    public void Any_index_comes_back_through_any_stream() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[0, 30], Gen.String[Gen.Char['a', 'ÿ'], 1, 9], Gen.Bool)
            .Sample((dimension, rows, prefix, named) =>
            {
                var random = new Random(rows);
                float[] values = [.. Enumerable.Range(0, rows * dimension).Select(_ => random.NextSingle() - 0.5f)];
                SwanIndex index = SwanIndex.Build(values, dimension, [.. Enumerable.Range(0, rows).Select(i => $"{prefix}{i}")],
                    named ? Model : null, TestContext.Current.CancellationToken);
                using var compressed = new MemoryStream();
                using (var writing = new DeflateStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
                {
                    index.Save(writing);
                    writing.WriteByte(42);
                }
                compressed.Position = 0;
                using var reading = new DeflateStream(compressed, CompressionMode.Decompress);
                Same(index, SwanIndex.Load(reading, "stream"));
                // It reads its own bytes and no more.
                Assert.Equal(42, reading.ReadByte());
            }, iter: 200);

    [Fact]
    public void Every_truncated_or_flipped_file_is_refused_by_name()
    {
        byte[] whole = Bytes(Small());
        for (int at = 0; at < whole.Length; at++)
        {
            Assert.Contains("cut.swanindex", Refused(whole[..at], "cut.swanindex"), StringComparison.Ordinal);
            foreach (byte mask in new byte[] { 0x01, 0x80, 0xFF })
            {
                byte[] flipped = [.. whole];
                flipped[at] ^= mask;
                Assert.Contains("flipped.swanindex", Refused(flipped, "flipped.swanindex"), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(HeaderCount, int.MaxValue, "header claims")]
    [InlineData(HeaderCount, -1, "-1 rows")]
    [InlineData(HeaderD, 65_536, "header claims")]
    [InlineData(HeaderD, 65_537, "65,537 values")]
    [InlineData(HeaderD, 0, "0 values")]
    public void A_header_that_claims_too_much_is_refused_before_memory_is_taken(int at, int claim, string expected)
    {
        byte[] bytes = Bytes(Small());
        BitConverter.TryWriteBytes(bytes.AsSpan(at), claim);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(expected, Refused(bytes), StringComparison.Ordinal);
        // Where the stream doesn't tell its length, it is read in steps instead.
        Assert.Throws<SwanFormatException>(() => SwanIndex.Load(new Unseekable(bytes), "stream"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void A_lie_anywhere_is_refused_and_takes_no_memory()
    {
        byte[] bytes = Bytes(Small());
        Lies.AssertBounded(bytes, Enumerable.Range(0, bytes.Length - 3), lie => SwanIndex.Load(new MemoryStream(lie), "lie"));
        Lies.AssertBounded(bytes, Enumerable.Range(0, bytes.Length - 3), lie => SwanIndex.Load(new Unseekable(lie), "lie"));
    }

    [Fact]
    public void A_key_that_claims_too_much_is_refused()
    {
        byte[] bytes = Bytes(Small());
        int firstKey = 28 + 4 + Model.Name.Length + 4 + Model.Fingerprint.Length + 4;
        BitConverter.TryWriteBytes(bytes.AsSpan(firstKey), int.MaxValue);
        Assert.Contains("the limit is", Refused(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_are_nonsense_under_a_right_checksum_are_refused()
    {
        byte[] bytes = Bytes(Small());
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 32 - 4), float.NaN);
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32), bytes.AsSpan(bytes.Length - 32));
        Assert.Contains("row 2 is not of unit length", Refused(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_format_says_update_and_another_file_says_what_it_is_not()
    {
        byte[] bytes = Bytes(Small());
        bytes[8] = 4;
        Assert.Contains("Update Swan.MLNet", Refused(bytes), StringComparison.Ordinal);
        Assert.Contains("not a Swan index", Refused("PK this is a zip, perhaps"u8.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_goes_on_after_its_end_is_refused()
    {
        string path = _folder.File("long.swanindex");
        File.WriteAllBytes(path, [.. Bytes(Small()), 0]);
        Assert.Contains(
            "1 bytes after the end", Assert.Throws<SwanFormatException>(() => SwanIndex.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains(
        "nowhere.swanindex", Assert.Throws<FileNotFoundException>(() => SwanIndex.Load(_folder.File("nowhere.swanindex"))).Message,
        StringComparison.Ordinal);

    private static SwanIndex Small() => SwanIndex.Build([1, 0, 0, 0.6f, 0.8f, 0, float.NaN, 0, 0, 0, 0, -3], 3,
        ["a", "größer", "left out", "空"], Model, TestContext.Current.CancellationToken);

    private static byte[] Bytes(SwanIndex index)
    {
        using var stream = new MemoryStream();
        index.Save(stream);
        return stream.ToArray();
    }

    private static string Refused(byte[] bytes, string name = "x") =>
        Assert.Throws<SwanFormatException>(() => SwanIndex.Load(new MemoryStream(bytes), name)).Message;

    private static void Same(SwanIndex expected, SwanIndex found)
    {
        Assert.Equal((expected.Count, expected.EmbeddingSize, expected.SkippedRows, expected.Model),
            (found.Count, found.EmbeddingSize, found.SkippedRows, found.Model));
        Assert.Equal(expected.Keys, found.Keys);
        for (int row = 0; row < expected.Count; row++) Assert.Equal(expected.Gallery.Row(row).ToArray(), found.Gallery.Row(row).ToArray());
    }

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
