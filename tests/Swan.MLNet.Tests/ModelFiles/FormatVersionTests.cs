using System.Text;
using System.Text.Json.Nodes;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.ModelFiles;

public sealed class FormatVersionTests : IDisposable
{
    private static readonly string Earlier = Path.Combine(AppContext.BaseDirectory, "SavedModels", "d82fd72", "tiny.swan");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_version_1_file_decodes_in_full_computes_in_float32_and_has_learned_what_nobody_knows()
    {
        SwanModelFile file = SwanModelFile.Read(Earlier);

        Assert.Equal(1, file.Card.FormatVersion);
        Assert.Equal((ImageDecode.Full, SwanComputePrecision.Float32), (file.Card.Image.Decode, file.Card.Compute));
        Assert.Equal(["red", "green", "blue"], file.Card.Image.Bands);
        Assert.Null(file.LearnedImages);
        Assert.True(file.Calibration.IsEmpty);
    }

    [Fact]
    public void A_version_1_file_that_is_saved_again_stays_one_with_its_fingerprint()
    {
        SwanModelFile file = SwanModelFile.Read(Earlier);

        file.Save(_folder.File("again.swan"));

        Assert.Equal(file.Card.Identity, SwanModelFile.Read(_folder.File("again.swan")).Card.Identity);
        JsonNode card = JsonNode.Parse(EditedModelFile.Read(_folder.File("again.swan"))["card.json"])!;
        Assert.Equal(1, card["formatVersion"]!.GetValue<int>());
        Assert.Null(card["compute"]);
        Assert.Null(card["image"]!["decode"]);
    }

    [Fact]
    public void Later_fields_in_a_version_1_card_are_not_believed()
    {
        string path = EditedModelFile.Write(Earlier, _folder.File("edited.swan"), editCard: card =>
        {
            card["compute"] = "int8";
            card["image"]!["decode"] = "scaled";
            card["fingerprint"] = "00";
        });

        SwanModelFile file = SwanModelFile.Read(path);

        Assert.Equal((ImageDecode.Full, SwanComputePrecision.Float32), (file.Card.Image.Decode, file.Card.Compute));
        Assert.Equal(SwanModelFile.Read(Earlier).Card.Identity, file.Card.Identity);
    }

    [Theory]
    [InlineData("learned.bin")]
    [InlineData("calibration.json")]
    public void An_entry_that_version_1_does_not_have_is_refused(string entry)
    {
        string path = EditedModelFile.Write(Earlier, _folder.File("edited.swan"), entries => entries[entry] = "{}"u8.ToArray());

        Assert.Contains(entry, Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bands_that_this_version_does_not_take_are_refused()
    {
        string path = EditedModelFile.Write(TinyModel.Write(_folder.FullName), _folder.File("edited.swan"),
            editCard: card => card["image"]!["bands"]![0] = "nir");

        string message = Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(path)).Message;

        Assert.Contains("the bands nir, green, blue", message, StringComparison.Ordinal);
        Assert.Contains("Update Swan.MLNet", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("1/2")]
    public void A_decoding_that_no_version_knows_is_refused(string decode)
    {
        string path = EditedModelFile.Write(TinyModel.Write(_folder.FullName), _folder.File("edited.swan"),
            editCard: card => card["image"]!["decode"] = decode);

        Assert.Contains("decode", Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void How_images_are_decoded_is_part_of_the_fingerprint()
    {
        string full = TinyModel.Write(_folder.FullName), scaled = TinyModel.WriteScaled(_folder.FullName);
        string edited = EditedModelFile.Write(full, _folder.File("edited.swan"), editCard: card => card["image"]!["decode"] = "scaled");

        Assert.Equal(ImageDecode.Scaled, SwanModelFile.Read(scaled).Card.Image.Decode);
        Assert.NotEqual(SwanModelFile.Read(full).Card.Identity, SwanModelFile.Read(scaled).Card.Identity);
        Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(edited));
    }

    [Theory]
    [InlineData("full"), InlineData("percentile 1 99")]
    public void A_models_range_of_samples_is_followed(string range)
    {
        var card = TinyModel.Card with { Image = TinyModel.Card.Image with { Range = Parsed(range) } };
        SwanModelFile file = SwanModelFile.Create("ranged.swan", card, TinyModel.ImageOnnx, TinyModel.TextOnnx, TinyModel.Vocabulary);
        file.Save(_folder.File("ranged.swan"));

        using SwanModel model = SwanModel.Open(_folder.File("ranged.swan"));

        Assert.Equal(Parsed(range), model.Card.Image.Range);
        byte[] deep = new WrittenTiff(8, 8, 1, 16, (x, y, _) => 10 * x + y).Write();
        if (range == "full") Assert.Throws<SwanImageException>(() => model.EmbedImage(deep));
        else Assert.Equal(Parsed(range), ImageDecoder.Decode(deep, "deep.tif", model.Decoding).Reading!.Percentiles);

        static SampleRange Parsed(string text) => SampleRange.TryParse(text, out SampleRange? parsed) ? parsed : SampleRange.Default;
    }

    [Fact]
    public void A_model_with_values_for_a_range_is_refused()
    {
        string path = EditedModelFile.Write(TinyModel.Write(_folder.FullName), _folder.File("edited.swan"),
            editCard: card => card["image"]!["range"] = "values 0 3000");

        Assert.Contains(
            "the range is 'values 0 3000'", Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Learned_images_and_calibration_are_kept_by_files()
    {
        var learned = new ImageIdentitySet([new(3, 5), new(1, 9)]);
        SwanModelFile file = SwanModelFile.Read(TinyModel.Write(_folder.FullName))
            .WithLearnedImages(learned).WithCalibration("""{"a":[1]}"""u8.ToArray());

        file.Save(_folder.File("with.swan"));
        SwanModelFile again = SwanModelFile.Read(_folder.File("with.swan"));

        Assert.Equal(2, again.LearnedImages!.Count);
        Assert.Equal(ImageMatch.Identical, again.LearnedImages.Find(new(1, 0)));
        Assert.Equal("""{"a":[1]}""", Encoding.UTF8.GetString(again.Calibration.Span));
        Assert.Null(again.WithLearnedImages(null).LearnedImages);
        Assert.True(again.WithCalibration(default).Calibration.IsEmpty);
    }

    [Fact]
    public void Learned_images_are_unpacked_when_asked_for_and_once()
    {
        const int Count = 50_000;
        SwanModelFile.Read(TinyModel.Write(_folder.FullName))
            .WithLearnedImages(new ImageIdentitySet(Enumerable.Range(1, Count).Select(i => new ImageIdentity((ulong)i, (ulong)i))))
            .Save(_folder.File("with.swan"));
        SwanModelFile file = SwanModelFile.Read(_folder.File("with.swan"));

        long before = GC.GetAllocatedBytesForCurrentThread();
        ImageIdentitySet learned = file.LearnedImages!;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 16 * Count, long.MaxValue);

        Assert.Equal(Count, learned.Count);
        Assert.Same(learned, file.LearnedImages);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(+1)]
    [InlineData(0)]
    public void A_list_with_a_right_header_and_wrong_hashes_is_refused_when_read(int longer)
    {
        string whole = _folder.File("with.swan");
        SwanModelFile.Read(TinyModel.Write(_folder.FullName))
            .WithLearnedImages(new ImageIdentitySet([new(3, 5), new(4, 6)])).Save(whole);
        byte[] damaged = EditedModelFile.Read(whole)["learned.bin"];
        if (longer == 0) damaged.AsSpan(20, 8).Fill(0xFF);
        else Array.Resize(ref damaged, damaged.Length + longer);
        string path = EditedModelFile.Write(whole, _folder.File("edited.swan"), entries => entries["learned.bin"] = damaged,
            card => card["entries"]!["learned.bin"] = Hash(damaged));

        Assert.Contains("/learned.bin'", Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(path)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("learned.bin", "SWID")]
    [InlineData("calibration.json", "SHA-256")]
    public void A_damaged_entry_is_refused_by_its_name(string entry, string expected)
    {
        string whole = _folder.File("with.swan");
        SwanModelFile.Read(TinyModel.Write(_folder.FullName))
            .WithLearnedImages(new ImageIdentitySet([new(3, 5)])).WithCalibration("{}"u8.ToArray()).Save(whole);
        string path = EditedModelFile.Write(whole, _folder.File("edited.swan"), entries => entries[entry] = "[]"u8.ToArray(),
            card =>
            {
                if (entry == "learned.bin") card["entries"]![entry] = Hash("[]"u8);
            });

        string message = Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(path)).Message;

        Assert.Contains(entry, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("modules"), InlineData("training"), InlineData("metrics"), InlineData("parameters"), InlineData("exported")]
    [InlineData("image.contract"), InlineData("image.mean"), InlineData("image.deviation")]
    [InlineData("image.range"), InlineData("image.bands"), InlineData("image.decode"), InlineData("compute")]
    public void A_field_that_a_card_leaves_out_has_its_default(string path)
    {
        foreach (string source in (string[])[Earlier, TinyModel.Write(_folder.FullName)])
        {
            string edited = EditedModelFile.Write(source, _folder.File($"{Guid.NewGuid()}.swan"), editCard: card =>
                (path.StartsWith("image.", StringComparison.Ordinal) ? card["image"]! : card).AsObject().Remove(path.Split('.')[^1]));

            SwanModelFile file = SwanModelFile.Read(edited);
            file.Save(_folder.File("again.swan"));

            Assert.Equal(SwanModelFile.Read(source).Card.Identity, SwanModelFile.Read(_folder.File("again.swan")).Card.Identity);
        }
    }

    [Theory]
    [InlineData("entries")]
    [InlineData("embeddingSize")]
    [InlineData("text")]
    public void A_field_without_a_default_is_missed(string field)
    {
        string path = EditedModelFile.Write(TinyModel.Write(_folder.FullName), _folder.File("edited.swan"),
            editCard: card => card.AsObject().Remove(field));

        Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(path));
    }

    [Fact]
    public void What_is_written_is_read_however_well_it_shrinks()
    {
        byte[] calibration = Encoding.UTF8.GetBytes($"[{string.Join(',', new int[100_000])}]");
        var training = new Dictionary<string, string> { ["note"] = new('a', 400_000) };
        SwanModelFile file = SwanModelFile.Create("tiny.swan", TinyModel.Card with { Training = training }, TinyModel.ImageOnnx,
            TinyModel.TextOnnx, TinyModel.Vocabulary).WithCalibration(calibration);

        file.Save(_folder.File("repeats.swan"));

        Assert.Equal(calibration, SwanModelFile.Read(_folder.File("repeats.swan")).Calibration.ToArray());
    }

    [Fact]
    public void A_card_that_could_not_be_read_is_not_made()
    {
        ModelCard large = TinyModel.Card with { Training = new Dictionary<string, string> { ["note"] = new('a', 2 << 20) } };

        Assert.All([large, TinyModel.Card with { ExportDifference = double.NaN }], card => Assert.Throws<SwanFormatException>(() =>
            SwanModelFile.Create("tiny.swan", card, TinyModel.ImageOnnx, TinyModel.TextOnnx, TinyModel.Vocabulary)));
    }

    [Fact]
    public void A_fingerprint_in_capitals_is_another_one()
    {
        string path = EditedModelFile.Write(TinyModel.Write(_folder.FullName), _folder.File("edited.swan"),
            editCard: card => card["fingerprint"] = card["fingerprint"]!.GetValue<string>().ToUpperInvariant());

        Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(path));
    }

    [Fact]
    public void Taking_nothing_away_changes_nothing()
    {
        SwanModelFile earlier = SwanModelFile.Read(Earlier);

        Assert.Same(earlier, earlier.WithLearnedImages(null));
        Assert.Same(earlier, earlier.WithCalibration(default));
    }

    [Fact]
    public void A_calibration_over_its_limit_or_no_json_is_refused()
    {
        SwanModelFile file = SwanModelFile.Read(TinyModel.Write(_folder.FullName));
        byte[] long_ = [(byte)'"', .. Enumerable.Repeat((byte)'a', 1 << 20), (byte)'"'];

        Assert.Contains("the limit is 1,048,576",
            Assert.Throws<SwanFormatException>(() => file.WithCalibration(long_)).Message, StringComparison.Ordinal);
        Assert.Contains("is not JSON",
            Assert.Throws<SwanFormatException>(() => file.WithCalibration("{"u8.ToArray())).Message, StringComparison.Ordinal);
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
}
