using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.ModelFiles;

public sealed class SwanModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_file_gives_back_what_was_written()
    {
        SwanModelFile file = SwanModelFile.Read(TinyModel.Write(_folder.FullName));
        ModelCard expected = TinyModel.Card;
        Assert.Equal(ModelCard.CurrentFormatVersion, file.Card.FormatVersion);
        Assert.Equal(expected.Name, file.Card.Name);
        Assert.Equal(expected.EmbeddingSize, file.Card.EmbeddingSize);
        Assert.Equal(expected.Text, file.Card.Text);
        Assert.Equal(expected.Image.Mean, file.Card.Image.Mean);
        Assert.Equal(expected.Exported, file.Card.Exported);
        Assert.Equal(expected.Training, file.Card.Training);
        Assert.Equal(expected.Metrics, file.Card.Metrics);
        Assert.Equal(["image.onnx", "text.onnx", "vocabulary.json"], file.Card.Entries.Keys.Order());
        Assert.Equal(TinyModel.ImageOnnx, file.ImageOnnx.ToArray());
        Assert.Equal(TinyModel.TextOnnx, file.TextOnnx.ToArray());
        Assert.Equal(TinyModel.Vocabulary, file.Vocabulary.ToArray());
    }

    [Fact]
    public void The_same_model_is_written_as_the_same_bytes() =>
        Assert.Equal(
            File.ReadAllBytes(TinyModel.Write(_folder.FullName, "a.swan")), File.ReadAllBytes(TinyModel.Write(_folder.FullName, "b.swan")));

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("nowhere.swan",
            Assert.Throws<FileNotFoundException>(() => SwanModelFile.Read(_folder.File("nowhere.swan"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("image.onnx")]
    [InlineData("text.onnx")]
    [InlineData("vocabulary.json")]
    public void A_changed_entry_is_refused_by_its_hash(string entry)
    {
        string path = Rewrite(entries => entries[entry][^1] ^= 1);
        string message = Refused(path);
        Assert.Contains(entry, message, StringComparison.Ordinal);
        Assert.Contains("SHA-256", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_too_many_is_refused() =>
        Assert.Contains("'notes.txt'", Refused(Rewrite(e => e["notes.txt"] = [1])), StringComparison.Ordinal);

    [Fact]
    public void An_entry_of_another_name_is_refused() => Assert.Contains("../evil", Refused(Rewrite(e =>
    {
        e.Remove("vocabulary.json");
        e["../evil"] = [1];
    })), StringComparison.Ordinal);

    [Fact]
    public void A_missing_entry_is_refused() =>
        Assert.Contains("no text.onnx", Refused(Rewrite(e => e.Remove("text.onnx"))), StringComparison.Ordinal);

    [Fact]
    public void A_decompression_bomb_is_refused_before_it_inflates() =>
        Assert.Contains("bomb", Refused(Rewrite(e => e["vocabulary.json"] = new byte[8 << 20])), StringComparison.Ordinal);

    [Fact]
    public void A_directory_that_lies_about_both_lengths_takes_no_memory()
    {
        byte[] zip = File.ReadAllBytes(TinyModel.Write(_folder.FullName));
        // The directory's record of text.onnx: signature, then at 20 the compressed and at 24 the whole length.
        int record = zip.AsSpan().LastIndexOf("text.onnx"u8) - 46;
        BitConverter.GetBytes(1 << 30).CopyTo(zip, record + 20);
        BitConverter.GetBytes(1 << 30).CopyTo(zip, record + 24);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(new MemoryStream(zip), "lie.swan"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8L << 20);
    }

    [Fact]
    public void A_lie_anywhere_in_the_directory_is_refused_or_harmless_and_takes_no_memory()
    {
        byte[] zip = File.ReadAllBytes(TinyModel.Write(_folder.FullName));
        int directory = zip.AsSpan().IndexOf("PK\u0001\u0002"u8);

        // Of small files each entry may have a mebibyte, whatever it deflates to.
        Lies.AssertBounded(zip, Enumerable.Range(directory, zip.Length - 3 - directory).Concat(Enumerable.Range(0, 30)),
            lie => SwanModelFile.Read(new MemoryStream(lie), "lie.swan"));
    }

    [Fact]
    public void Six_hundred_bytes_that_claim_a_gibibyte_take_no_memory()
    {
        using var small = new MemoryStream();
        using (var zip = new ZipArchive(small, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in new[] { "card.json", "image.onnx", "text.onnx", "vocabulary.json" }) zip.CreateEntry(name);
        }
        byte[] bytes = small.ToArray();
        Assert.InRange(bytes.Length, 400, 700);
        int record = bytes.AsSpan().LastIndexOf("image.onnx"u8) - 46;
        BitConverter.GetBytes(1 << 30).CopyTo(bytes, record + 24);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(new MemoryStream(bytes), "lie.swan"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1L << 20);
    }

    [Fact]
    public void An_entry_that_exceeds_its_limit_is_refused() =>
        Assert.Contains("the limit is", Refused(Rewrite(e => e["card.json"] = new byte[2 << 20])), StringComparison.Ordinal);

    [Fact]
    public void A_newer_format_says_update_even_when_its_card_has_another_shape() => Assert.Contains(
        "Update Swan.MLNet",
        Refused(Rewrite(e => e["card.json"] = Encoding.UTF8.GetBytes("""{"somethingNew":{"a":[1]},"formatVersion":3}"""))),
        StringComparison.Ordinal);

    [Fact]
    public void Unknown_preprocessing_is_refused_with_the_reason_and_the_remedy()
    {
        string message = Refused(EditCard(card => card["image"]!["contract"] = "swan-image-2"));
        Assert.Contains("'swan-image-2'", message, StringComparison.Ordinal);
        Assert.Contains("silently wrong", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("embeddingSize", "0", "embedding size is 0")]
    [InlineData("image.size", "-3", "image size is -3")]
    [InlineData("image.mean", "[0.5]", "mean is not three")]
    [InlineData("image.deviation", "[0.5,0,0.5]", "deviation is not three numbers above 0")]
    [InlineData("text.maximumLength", "0", "longest caption has 0")]
    [InlineData("text.maximumLength", "2000000000", "longest caption has 2000000000 tokens, expected 1 to 8192")]
    [InlineData("text.paddedLength", "7", "contradictory")]
    [InlineData("variant", "\"sideways\"", "can't be read")]
    [InlineData("name", "null", "can't be read")]
    [InlineData("image", "null", "can't be read")]
    public void A_contradictory_card_is_refused(string path, string json, string expected)
    {
        string file = EditCard(card =>
        {
            string[] steps = path.Split('.');
            JsonNode node = card;
            foreach (string step in steps[..^1]) node = node[step]!;
            node[steps[^1]] = JsonNode.Parse(json);
        });
        Assert.Contains(expected, Refused(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_querybank_that_makes_no_sense_is_refused()
    {
        string message = Refused(EditCard(card =>
        {
            card["embeddingSize"] = 1;
            card["querybank"] = JsonNode.Parse("""{"images":1,"temperature":0,"seed":0,"data":"train","sha256":"00"}""");
        }));
        Assert.Contains(
            "the embedding size is 1, but a model with a querybank has at least 2", message, StringComparison.Ordinal);
        Assert.Contains("the querybank has 1 image, expected at least 2", message, StringComparison.Ordinal);
        Assert.Contains("the querybank's temperature is 0", message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_a_card_are_told_at_once()
    {
        string message = Refused(EditCard(card =>
        {
            card["embeddingSize"] = 0;
            card["image"]!["size"] = 0;
        }));
        Assert.Contains("embedding size", message, StringComparison.Ordinal);
        Assert.Contains("image size", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_that_would_be_refused_can_not_be_written()
    {
        Assert.Throws<SwanFormatException>(() => SwanModelFile.Write(
            _folder.File("x.swan"), TinyModel.Card with { Image = new ImagePreprocessing { Size = 0 } }, TinyModel.ImageOnnx,
            TinyModel.TextOnnx, TinyModel.Vocabulary));
        Assert.Empty(Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void A_failed_write_keeps_the_old_file_and_leaves_nothing_behind()
    {
        string path = TinyModel.Write(_folder.FullName);
        byte[] before = File.ReadAllBytes(path);
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write([1, 2, 3]);
            throw new InvalidOperationException("disk full");
        }));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.FullName));
    }

    public static TheoryData<string, byte[], string> Foreign => new()
    {
        { "external data", Minimal().ExternalWeights("w", "/etc/passwd", 4).Build(), "external data" },
        { "external data in a branch", Minimal().If("c", "y", new TinyOnnx().ExternalWeights("w", "../w.bin", 4)).Build(),
            "external data" },
        { "a foreign operator", Minimal().ForeignNode("com.evil", "Run", ["x"], "y").Build(), "com.evil" },
        { "a foreign operator set", Minimal().OperatorSet("com.evil", 1).Build(), "com.evil" },
        { "a tensor of any size", Minimal().Node("ConstantOfShape", ["x"], "y").Build(), "'ConstantOfShape'" },
        { "a loop", Minimal().Node("Loop", ["x"], "y").Build(), "'Loop'" },
        { "functions", Minimal().Function().Build(), "functions" },
        { "text", Encoding.UTF8.GetBytes("this is no model"), "not an ONNX model" },
        { "no graph", [8, 8], "no graph" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void A_graph_that_reaches_outside_itself_is_refused_when_written_and_when_read(string what, byte[] onnx, string expected)
    {
        Assert.NotEmpty(what);
        SwanFormatException written = Assert.Throws<SwanFormatException>(
            () => SwanModelFile.Write(_folder.File("x.swan"), TinyModel.Card, onnx, TinyModel.TextOnnx, TinyModel.Vocabulary));
        Assert.Contains(expected, written.Message, StringComparison.Ordinal);
        string path = Rewrite(
            entries => entries["image.onnx"] = onnx,
            card => card["entries"]!["image.onnx"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(onnx)));
        Assert.Contains(expected, Refused(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(17)] // one byte less than a zip without entries has
    [InlineData(22)]
    public void A_file_of_a_few_bytes_is_refused(int length)
    {
        string path = _folder.File("few.swan");
        File.WriteAllBytes(path, new byte[length]);
        Assert.Contains("'few.swan' is not a Swan model file", Refused(path), StringComparison.Ordinal);
        Assert.Throws<SwanFormatException>(() => SwanModel.Open(path));
        // A file that was refused is not kept open.
        using FileStream free = File.Create(path);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Truncated_and_flipped_files_never_do_anything_but_refuse(bool inFile)
    {
        byte[] whole = File.ReadAllBytes(TinyModel.Write(_folder.FullName));
        string path = _folder.File("damaged.swan");
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte[1, 255], Gen.Bool).Sample((at, mask, cut) =>
        {
            byte[] damaged = cut ? whole[..at] : [.. whole];
            if (!cut) damaged[at] ^= mask;
            try
            {
                // A flip in a field that nobody reads (a time, a comment) may leave a good file; then its contents are the same.
                if (inFile) File.WriteAllBytes(path, damaged);
                SwanModelFile read = inFile ? SwanModelFile.Read(path) : SwanModelFile.Read(new MemoryStream(damaged), "damaged.swan");
                Assert.Equal(TinyModel.ImageOnnx, read.ImageOnnx.ToArray());
            }
            catch (SwanFormatException e)
            {
                Assert.Contains("damaged.swan", e.Message, StringComparison.Ordinal);
            }
        }, iter: 400, threads: 1);
    }

    private static TinyOnnx Minimal() => new TinyOnnx().Input("x", TinyOnnx.Float, 1).Output("y", TinyOnnx.Float, 1);

    private static string Refused(string path) => Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(path)).Message;

    private string EditCard(Action<JsonNode> edit) => Rewrite(_ => { }, edit);

    private string Rewrite(Action<Dictionary<string, byte[]>> edit, Action<JsonNode>? editCard = null) =>
        EditedModelFile.Write(TinyModel.Write(_folder.FullName), _folder.File("edited.swan"), edit, editCard);
}
