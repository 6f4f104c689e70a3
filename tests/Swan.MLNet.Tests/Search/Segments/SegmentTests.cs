using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Segments;

/// <summary>Files whose checksums are right, though their bytes are nonsense: refused, or read without harm.</summary>
public sealed class SegmentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lies_of_a_segment_are_refused_or_do_no_harm()
    {
        string path = Write(out byte[] whole);
        string manifest = File.ReadAllText(Manifest), honest = SealedIndex.Segment(whole);
        long table = BitConverter.ToInt64(whole, 32);
        // The header, the table, and the beginning of each part.
        int[] places =
        [
            .. Enumerable.Range(0, 64), .. Enumerable.Range((int)table, (int)(whole.Length - table - 3)).Where(at => at % 3 == 0),
            .. Enumerable.Range(1, (int)(table / 4096) - 1).SelectMany(page => new[] { 0, 4, 8, 16, 64 }, (page, at) => page * 4096 + at),
        ];
        foreach (int at in places)
        {
            foreach (int claim in (int[])[int.MaxValue, int.MinValue, -1, 0, 1, 1 << 20])
            {
                byte[] lie = [.. whole];
                BitConverter.TryWriteBytes(lie.AsSpan(at), claim);
                string header = SealedIndex.Segment(lie);
                File.WriteAllBytes(path, lie);
                File.WriteAllBytes(Manifest, SealedIndex.Manifest(
                    System.Text.Encoding.UTF8.GetBytes(manifest.Replace(honest, header, StringComparison.Ordinal))));
                Exception? refusal = Record.Exception(Read);
                Assert.True(refusal is null or SwanFormatException, $"{claim} at {at}: {refusal}");
            }
        }
    }

    [Fact]
    public void Lies_of_a_manifest_are_refused_or_do_no_harm()
    {
        Write(out _);
        string manifest = File.ReadAllText(Manifest);
        int[] places =
        [
            .. Enumerable.Range(0, manifest.Length - 2).Where(at => manifest[at] == ':' && char.IsAsciiDigit(manifest[at + 2])),
        ];
        Assert.True(places.Length >= 7);
        foreach (int at in places)
        {
            int end = at + 2;
            while (char.IsAsciiDigit(manifest[end])) end++;
            foreach (string claim in (string[])["-1", "0", "2147483647", "9223372036854775807", "1e99", "null", "\"x\"", "[]"])
            {
                string lie = $"{manifest[..(at + 2)]}{claim}{manifest[end..]}";
                File.WriteAllBytes(Manifest, SealedIndex.Manifest(System.Text.Encoding.UTF8.GetBytes(lie)));
                Exception? refusal = Record.Exception(Read);
                Assert.True(refusal is null or SwanFormatException, $"{claim} at {at}: {refusal}");
            }
        }
    }

    [Theory]
    [InlineData("segments/0000000001.segment", "../0000000001.segment")]
    [InlineData("segments/0000000001.segment", "/etc/passwd")]
    [InlineData("segments/0000000001.segment", "segments/0000000009.segment")]
    [InlineData("\"format\": 1", "\"format\": 2")]
    [InlineData("\"format\": 1,", "")]
    [InlineData("\"format\": 1,", "\"format\": 1, \"unknown\": 5,")]
    [InlineData("\"float32\"", "\"float16\"")]
    [InlineData("\"number\"", "\"money\"")]
    [InlineData("\"stride\": 16", "\"stride\": 17")]
    [InlineData("\"stride\": 16", "\"stride\": 32")]
    [InlineData("\"generation\": 2", "\"generation\": 9223372036854775807")]
    [InlineData("\"nextSegment\": 2", "\"nextSegment\": 9223372036854775807")]
    [InlineData("\"columns\": [", "\"columns\": [ null,")]
    [InlineData("\"segments\": [", "\"segments\": [ null,")]
    [InlineData(
        "\"rows\": {", "\"reembedded\": { \"embeddingSize\": 3, \"stride\": 16, \"scan\": \"int8\", \"segments\": [] }, \"rows\": {")]
    [InlineData("\"rows\": {", "\"rows\": null, \"x\": {")]
    public void A_manifest_that_says_what_none_says_is_refused(string said, string instead)
    {
        Write(out _);
        string manifest = File.ReadAllText(Manifest);
        Assert.Contains(said, manifest, StringComparison.Ordinal);
        File.WriteAllBytes(Manifest, SealedIndex.Manifest(
            System.Text.Encoding.UTF8.GetBytes(manifest.Replace(said, instead, StringComparison.Ordinal))));
        Assert.Contains("manifest.json", Assert.Throws<SwanFormatException>(Read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_another_length_under_right_checksums_are_found_by_a_check()
    {
        string path = Write(out byte[] whole);
        string manifest = File.ReadAllText(Manifest), honest = SealedIndex.Segment(whole);
        BitConverter.TryWriteBytes(whole.AsSpan(4096), 7f);
        string header = SealedIndex.Segment(whole);
        File.WriteAllBytes(path, whole);
        File.WriteAllBytes(Manifest, SealedIndex.Manifest(
            System.Text.Encoding.UTF8.GetBytes(manifest.Replace(honest, header, StringComparison.Ordinal))));
        using var index = SwanLiveIndex.Open(_folder.File("index"));
        Assert.Contains("unit length", Assert.Throws<SwanFormatException>(() => index.Verify()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_found_among_many_and_others_are_not()
    {
        const int rows = 20_000;
        using var index = SwanLiveIndex.Create(_folder.File("many"), new SwanIndexSettings(2));
        using SwanIndexWriter writer = index.OpenWriter();
        for (int i = 0; i < rows; i++) writer.Upsert($"key {i}", [1, i]);
        writer.Commit();
        using SwanIndexSnapshot snapshot = index.Snapshot();
        for (int i = 0; i < rows; i++)
        {
            Assert.True(snapshot.TryGet($"key {i}", out SwanRow? row));
            Assert.Equal($"key {i}", row.Key);
            Assert.False(snapshot.TryGet($"other {i}", out _));
        }
    }

    private string Manifest => Path.Combine(_folder.File("index"), "manifest.json");

    private string Write(out byte[] segment)
    {
        using var index = SwanLiveIndex.Create(_folder.File("index"), new SwanIndexSettings(3)
        {
            Columns = [new("n", SwanColumnType.Number), new("t", SwanColumnType.Text)],
        });
        using SwanIndexWriter writer = index.OpenWriter();
        for (int i = 0; i < 5; i++)
            writer.Upsert($"key {i}", [1, i, 0], new Dictionary<string, object?> { ["n"] = i, ["t"] = $"text {i}" });
        writer.Commit();
        string path = Directory.GetFiles(Path.Combine(_folder.File("index"), "segments")).Single();
        segment = File.ReadAllBytes(path);
        return path;
    }

    private void Read()
    {
        using var index = SwanLiveIndex.Open(_folder.File("index"));
        foreach (Action read in (Action[])
        [
            () => index.Search([1, 0, 0], 3), () => index.TryGet("key 3", out _), () => index.Verify(),
            () =>
            {
                using SwanIndexSnapshot snapshot = index.Snapshot();
                foreach (SwanRow row in snapshot.Rows()) Assert.NotEmpty(row.Key);
            },
        ])
        {
            try
            {
                read();
            }
            catch (SwanFormatException)
            {
                // Refused.
            }
        }
        index.Verify();
    }
}
