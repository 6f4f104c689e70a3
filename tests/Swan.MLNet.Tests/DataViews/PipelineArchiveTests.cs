using System.IO.Compression;
using Microsoft.ML;
using Swan.MLNet.Hosting;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.DataViews;

/// <summary>A saved pipeline that inflates too far, or that lies about a length, is refused before it takes memory.</summary>
public sealed class PipelineArchiveTests : IDisposable
{
    private const int Rows = 300_000, Values = 64;
    private static readonly Lazy<byte[]> Bomb = new(MakeBomb);
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_gallery_of_copies_is_refused_before_it_inflates()
    {
        Assert.InRange(Bomb.Value.Length, 1, 600_000);
        long before = GC.GetTotalAllocatedBytes();

        string ours = Assert.Throws<SwanFormatException>(() => _ml.Swan().LoadPipeline(new MemoryStream(Bomb.Value), out _)).Message;
        Exception theirs = Assert.ThrowsAny<Exception>(() => _ml.Model.Load(new MemoryStream(Bomb.Value), out _));
        string pool = Assert.Throws<SwanFormatException>(() => ZipIntegrity.Validate(Bomb.Value)).Message;

        Assert.Contains("decompression bomb", ours, StringComparison.Ordinal);
        Assert.Contains("SwanLoadOptions.MaxInflatedBytes", ours, StringComparison.Ordinal);
        Assert.Contains("Remove the copies", theirs.ToString(), StringComparison.Ordinal);
        Assert.Contains("decompression bomb", pool, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
    }

    [Fact]
    public void A_caller_who_trusts_a_file_may_allow_more()
    {
        var options = new SwanLoadOptions { MaxInflatedBytes = 200 << 20 };

        var loaded = (SwanSearchTransformer)_ml.Swan().LoadPipeline(new MemoryStream(Bomb.Value), out _, options);

        Assert.Equal(Rows, loaded.Gallery.Count);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Swan().LoadPipeline(new MemoryStream(Bomb.Value), out _, new SwanLoadOptions { MaxInflatedBytes = 0 }));
    }

    [Fact]
    public void No_more_of_an_entry_is_inflated_than_the_directory_says()
    {
        byte[] lie = [.. Bomb.Value];
        int record = lie.AsSpan().LastIndexOf("gallery.swanindex"u8);
        record = lie.AsSpan(0, record).LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(lie.AsSpan(record + 24), 100);
        using var zip = new ZipArchive(new MemoryStream(lie));
        using var inflated = new MemoryStream();

        using (Stream stream = zip.Entries.Single(e => e.Length == 100).Open()) stream.CopyTo(inflated);

        Assert.Equal(100, inflated.Length);
    }

    [Theory]
    [InlineData(0xFFFFFFFE, 0)]
    [InlineData(0xFFFFFFFE, 0xFFFFFFFE)]
    public void An_unused_entry_that_claims_much_does_not_let_a_bomb_in(uint compressed, uint length)
    {
        byte[] padded = Padded(compressed, length);

        Exception theirs = Assert.ThrowsAny<Exception>(() => _ml.Model.Load(new MemoryStream(padded), out _));

        Assert.Contains(length == 0 ? "The saved pipeline" : "a damaged entry 'unused'", theirs.ToString(), StringComparison.Ordinal);
        Assert.Contains(nameof(SwanFormatException), theirs.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("card.json")]
    [InlineData("text.onnx")]
    [InlineData("vocabulary.json")]
    public void A_lie_about_a_streams_length_is_refused_and_takes_no_memory(string stream)
    {
        string saved = _folder.File("saved.zip");
        File.WriteAllBytes(saved, TinyPipeline.Bytes(_folder, version: 1));
        string entry = EditedModelFile.Read(saved).Keys.Single(name => name.EndsWith(stream, StringComparison.Ordinal));
        int number = 0;

        Lies.AssertBounded(EditedModelFile.Read(saved)[entry], [0], lie =>
            _ml.Swan().LoadPipeline(
                EditedModelFile.Write(saved, _folder.File($"{number++}.zip"), entries => entries[entry] = lie), out _));
    }

    [Fact]
    public void Options_of_any_length_are_refused()
    {
        string saved = _folder.File("saved.zip");
        File.WriteAllBytes(saved, TinyPipeline.Bytes(_folder, version: 1));
        string edited = EditedModelFile.Write(saved, _folder.File("long.zip"), entries =>
            entries[entries.Keys.Single(name => name.EndsWith("options.json", StringComparison.Ordinal))] = new byte[17 << 20]);

        Assert.Contains("over 16,777,216 characters",
            Assert.Throws<SwanFormatException>(() => _ml.Swan().LoadPipeline(edited, out _)).Message, StringComparison.Ordinal);
    }

    // The bomb with an entry of a few bytes, whose lengths are lies.
    private static byte[] Padded(uint compressed, uint length)
    {
        using var file = new MemoryStream();
        file.Write(Bomb.Value);
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            using Stream unused = zip.CreateEntry("unused").Open();
            unused.Write("unused"u8);
        }
        byte[] padded = file.ToArray();
        int record = padded.AsSpan(0, padded.AsSpan().LastIndexOf("unused"u8)).LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(padded.AsSpan(record + 20), compressed);
        BitConverter.TryWriteBytes(padded.AsSpan(record + 24), length);
        return padded;
    }

    private static byte[] MakeBomb()
    {
        var ml = new MLContext(1);
        float[] row = new float[Values];
        row[0] = 1;
        SwanIndex index = SwanIndex.Build(
            [.. Enumerable.Repeat(row, Rows).SelectMany(values => values)], Values, [.. Enumerable.Repeat("a", Rows)]);
        IDataView queries = ml.Data.LoadFromEnumerable([new WideRow()]);
        using var saved = new MemoryStream();
        ml.Model.Save(ml.Transforms.SwanSearch("Keys", "Scores", "Embedding", index).Fit(queries), queries.Schema, saved);
        return saved.ToArray();
    }

    private sealed class WideRow
    {
        [Microsoft.ML.Data.VectorType(Values)]
        public float[] Embedding { get; set; } = new float[Values];
    }
}
