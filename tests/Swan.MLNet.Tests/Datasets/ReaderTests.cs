using System.Text;
using Swan.MLNet.Datasets;

namespace Swan.MLNet.Tests.Datasets;

/// <summary>A folder with three images and text files beside them.</summary>
public sealed class ReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _images;

    public ReaderTests()
    {
        _images = Directory.CreateDirectory(_folder.File("images")).FullName;
        foreach (string name in new[] { "river_1.png", "river_2.png", "00001.png" }) File.WriteAllBytes(Path.Combine(_images, name), [1]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Json_lines_keep_their_order_and_their_scene_or_that_of_the_name()
    {
        CaptionedImageSet set = Lines("""
            {"image": "river_2.png", "scene": "delta", "captions": ["a delta", "two deltas"]}
            {"captions": ["a river"], "image": "river_1.png", "license": "ignored"}
            {"image": "00001.png", "scene": null, "captions": ["."]}
            """);
        Assert.Equal(["river_2.png", "river_1.png", "00001.png"], set.Images.Select(i => i.FileName));
        Assert.Equal(["delta", "river", null], set.Scenes);
        Assert.Equal(["a delta", "two deltas", "a river", "."], set.Captions);
        Assert.Equal([0, 0, 1, 2], set.CaptionImage);
        Assert.All(set.Images, i => Assert.True(File.Exists(i.ImagePath)));
        Assert.Equal("data.jsonl", set.Name);
    }

    [Theory]
    [InlineData("\uFEFF{0}\r\n\r\n{1}\r\n\r\n")]    // byte order mark, CRLF, blank lines
    [InlineData("{0}\n   \n{1}")]
    public void Blank_lines_and_other_line_ends_do_no_harm(string text) => Assert.Equal(2, Lines(text
        .Replace("{0}", """{"image":"river_1.png","captions":["a"]}""", StringComparison.Ordinal)
        .Replace("{1}", """{"image":"river_2.png","captions":["b"]}""", StringComparison.Ordinal)).Images.Count);

    [Theory]
    [InlineData(@"a river \ud83d", "a river \uFFFD")]
    [InlineData(@"\uDCA9 a river", "\uFFFD a river")]
    [InlineData(@"\ud83d\ud83d\ude80\ud83d x", "\uFFFD\U0001F680\uFFFD x")]
    [InlineData(@"a \""\ud83d\"" \\ud83d \n", "a \"\uFFFD\" \\ud83d \n")]
    [InlineData(@"\ud83d\ude80", "\U0001F680")]
    public void Half_a_surrogate_pair_in_a_caption_is_the_replacement_character(string json, string caption)
    {
        Assert.Equal([caption], Lines($$"""{"image":"river_1.png","captions":["{{json}}"]}""").Captions);
        Assert.Equal([caption], Rsicd(
            $$"""{"images":[{"filename":"river_1.png","split":"train","sentences":[{"raw":"{{json}}"}]}]}""", "train").Captions);
    }

    [Fact]
    public void An_image_name_that_was_cut_within_a_character_is_not_looked_for()
    {
        File.WriteAllBytes(Path.Combine(_images, "river \uFFFD"), [1]);
        string[] messages =
        [
            Assert.Throws<SwanDataException>(() => Lines("""{"image":"river \ud83d","captions":["a"]}""")).Message,
            Assert.Throws<SwanDataException>(() => Rsicd(
                """{"images":[{"filename":"river \ud83d","split":"train","sentences":[{"raw":"a"}]}]}""", "train")).Message,
        ];
        Assert.All(messages, message => Assert.Contains("(1): the image name 'river \uFFFD' has a character that was cut", message,
            StringComparison.Ordinal));
    }

    [Fact]
    public void Everything_wrong_with_a_file_is_reported_at_once_with_its_line()
    {
        SwanDataException e = Assert.Throws<SwanDataException>(() => Lines("""
            {"image": "river_1.png", "captions": ["a"]}
            {"image": "river_9.png", "captions": ["a"]}
            {"image": "river_2.png", "captions": []}

            {"image": "river_1.png", "captions": ["b"]}
            {"image": "river_2.png", "captions": "b"}
            {"image": 3, "captions": ["b"]}
            {"image": "river_2.png", "captions": ["b", null]}
            {"captions": ["b"]}
            [1]
            null
            {"image": "river_2.png",
            """));
        Assert.Equal([(2, "not in"), (3, "no captions"), (5, "already given"), (6, "captions has the wrong type"),
            (7, "image has the wrong type"), (8, "not text"), (9, "no name"), (10, "not a JSON object"), (11, "no name"),
            (12, "not a JSON object")],
            e.Faults.DistinctBy(f => f.Line).Select(f => (f.Line, Expected(f))));
        Assert.Contains("data.jsonl(2): the image 'river_9.png'", e.Message, StringComparison.Ordinal);
        Assert.Contains("11 problems:", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", e.Message, StringComparison.Ordinal);

        static string Expected(DataFault f) => new[]
        {
            "not in", "no captions", "already given", "captions has the wrong type", "image has the wrong type", "not text", "no name",
            "not a JSON object",
        }
            .First(t => f.Problem.Contains(t, StringComparison.Ordinal)
                && (t != "not a JSON object" || !f.Problem.Contains("wrong type", StringComparison.Ordinal) || f.Line == 10));
    }

    [Theory]
    [InlineData("../images/river_1.png")]
    [InlineData("sub/../river_1.png")]
    [InlineData("..\\\\river_1.png")]
    [InlineData("/etc/passwd")]
    public void A_name_that_leads_out_of_the_image_folder_is_refused_even_if_the_file_exists(string name)
    {
        var e = Assert.Throws<SwanDataException>(() => Lines($$"""{"image": "{{name}}", "captions": ["a"]}"""));
        Assert.Contains("leads out", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_reported()
    {
        string file = _folder.File("latin.jsonl");
        File.WriteAllBytes(file, [.. "{\"image\":\"river_1.png\",\"captions\":[\"caf"u8, 0xE9, .. "\"]}"u8]);
        DataFault fault = Assert.Single(Assert.Throws<SwanDataException>(() => JsonLinesReader.Read(file, _images)).Faults);
        Assert.Equal((file, 1), (fault.File, fault.Line));
        Assert.Contains("UTF-8", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_images_or_none_at_all_is_reported()
    {
        Assert.Contains("no images", Assert.Throws<SwanDataException>(() => Lines("\n")).Message, StringComparison.Ordinal);
        Assert.Contains("gone.jsonl",
            Assert.Throws<SwanDataException>(() => JsonLinesReader.Read(_folder.File("gone.jsonl"), _images)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_references_layout_gives_each_image_its_captions()
    {
        CaptionedImageSet set = Precomputed("a\nb\n.\nd\n", "river_1.png\nriver_1.png\nriver_2.png\nriver_2.png\n");
        Assert.Equal(["a", "b", ".", "d"], set.Captions); // RSICD has captions that are a full stop alone
        Assert.Equal([0, 0, 1, 1], set.CaptionImage);
        Assert.Equal("river", set.Scenes[0]);
        Assert.Equal(set.Captions,
            Precomputed("\uFEFFa\r\nb\r\n.\r\nd\r\n\r\n", "river_1.png \r\nriver_1.png\r\nriver_2.png\r\nriver_2.png").Captions);
    }

    [Theory]
    [InlineData("a\nb\nc", "river_1.png\nriver_1.png", "x_caps.txt", 3)]
    [InlineData("a", "river_1.png\nriver_1.png\nriver_2.png", "x_filename.txt", 2)]
    [InlineData("a\nb", "river_1.png\nriver_9.png", "x_filename.txt", 2)]
    [InlineData("a\nb\nc", "river_1.png\nriver_2.png\nriver_1.png", "x_filename.txt", 3)]   // its captions don't follow each other
    [InlineData("a\nb\nc", "river_1.png\n\nriver_2.png", "x_filename.txt", 2)]
    [InlineData("a", "../images/river_1.png", "x_filename.txt", 1)]
    public void Captions_and_names_that_do_not_fit_are_reported_where_it_starts(string captions, string names, string file, int line)
    {
        DataFault fault = Assert.Single(Assert.Throws<SwanDataException>(() => Precomputed(captions, names)).Faults);
        Assert.Equal((file, line), (Path.GetFileName(fault.File), fault.Line));
    }

    [Fact]
    public void Rsicds_json_gives_the_images_of_one_split()
    {
        const string Json = """
            {"dataset": "rsicd", "images": [
              {"filename": "river_1.png", "imgid": 0, "split": "train", "sentences": [{"raw": "a river .", "tokens": ["a"]}, {"raw": "b"}]},
              {"filename": "river_2.png", "split": "test", "sentences": [{"raw": "c"}]}
            ], "more": {"images": []}}
            """;
        CaptionedImageSet train = Rsicd(Json, "train");
        Assert.Equal(["a river .", "b"], train.Captions);
        Assert.Equal("river_2.png", Assert.Single(Rsicd("\uFEFF" + Json, "test").Images).FileName);
        var e = Assert.Throws<SwanDataException>(() => Rsicd(Json, "val"));
        Assert.Contains("its splits are: test, train", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_wrong_with_rsicds_json_is_reported_at_once_with_its_line()
    {
        var e = Assert.Throws<SwanDataException>(() => Rsicd(
            """
            {"images": [
              {"filename": "river_9.png", "split": "train", "sentences": [{"raw": "a"}]},
              {"filename": "river_1.png", "split": "train", "sentences": []},
              {"filename": 5, "split": "train", "sentences": [{"raw": "a"}]},
              {"filename": "river_2.png", "split": "train", "sentences": [null]},
              {"filename": "00001.png", "sentences": [{"raw": "a"}]},
              null
            ]}
            """, "train"));
        Assert.Equal([2, 3, 4, 5, 6, 7], e.Faults.Select(f => f.Line).Order());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"images": 3}""")]
    [InlineData("""{"images": []}""")]
    [InlineData("""{"images": [{"filename": "river_1.png", "split": "train", "sentences": [{"raw": "a"}]}""")]
    [InlineData("")]
    public void What_is_not_rsicds_json_is_refused(string json) =>
        Assert.Contains("d.json", Assert.Throws<SwanDataException>(() => Rsicd(json, "train")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_is_opened_by_its_layout_with_the_problems_of_both_files()
    {
        Assert.Contains(
            "three", Assert.Throws<SwanDataException>(() => CaptionedImageSet.Open(_folder.FullName)).Message, StringComparison.Ordinal);
        Write("train_caps.txt", "a");
        Write("train_filename.txt", "river_1.png");
        Assert.Null(CaptionedImageSet.Open(_folder.FullName).Validation);
        Write("dataset_rsicd.json", """
            {"images":[
            {"filename":"river_1.png","split":"train","sentences":[{"raw":"x"}]},
            {"filename":"river_2.png","split":"val","sentences":[{"raw":"y"}]}
            ]}
            """);
        Assert.Equal(["y"], CaptionedImageSet.Open(_folder.FullName).Validation!.Captions);
        Write("dataset_rsicd.json", """
            {"images":[
            {"filename":"river_1.png","sentences":[{"raw":"x"}]},
            {"filename":"river_2.png","split":"val","sentences":[{"raw":"y"}]},
            {"filename":"river_1.png","split":"train","sentences":[{"raw":"x"}]}
            ]}
            """);
        Assert.Single(Assert.Throws<SwanDataException>(() => CaptionedImageSet.Open(_folder.FullName)).Faults);
        Write("train.jsonl", """{"image":"gone.png","captions":["a"]}""");
        Write("val.jsonl", """{"image":"lost.png","captions":["a"]}""");
        Assert.Equal(2, Assert.Throws<SwanDataException>(() => CaptionedImageSet.Open(_folder.FullName)).Faults.Count);
        Assert.Throws<SwanDataException>(() => CaptionedImageSet.Open(_folder.File("nowhere")));
    }

    [Theory]
    [InlineData("[\n{\"image\": \"river_1.png\", \"captions\": [\"a\"]},\n{}]", "(1): it begins with [, so it is a JSON array")]
    [InlineData(" [{\"image\": \"river_1.png\", \"captions\": [\"a\"]}]", "one object per line")]
    [InlineData("{\"image\": \"river_1.png\", \"captions\": [\"a\"],}", "there is a comma after the last entry; remove it")]
    [InlineData("{\"image\": \"river_1.png\", \"captions\": [\"a\",]}", "there is a comma after the last entry; remove it")]
    [InlineData("{\"image\": \"river_1.png\", \"caption\": \"a\"}", "it has no 'captions' (a list of text), but has 'caption'")]
    [InlineData("{\"filename\": \"river_1.png\", \"text\": \"a\"}", "it has no 'image' (text), but has 'filename', 'text'")]
    [InlineData("{\"image\": \"river_1.png\", \"captions\": [\"a\", \"\"]}", "a caption of 'river_1.png' is empty")]
    [InlineData("{\"image\": \"river_1.png\", \"captions\": [\"  \"]}", "a caption of 'river_1.png' is empty")]
    [InlineData("{\"image\": \"RIVER_1.PNG\", \"captions\": [\"a\"]}", "'river_1.png' exists. Match its case")]
    [InlineData("{\"image\": \"river_1.jpg\", \"captions\": [\"a\"]}", "'river_1.png' exists. Match its case, accents and extension")]
    [InlineData("{\"image\": \"images/river_1.png\", \"captions\": [\"a\"]}", "'river_1.png' exists. Names are relative")]
    public void Json_lines_that_lead_astray_say_what_is_meant(string text, string expected)
    {
        string message = Assert.Throws<SwanDataException>(() => Lines(text)).Message;
        Assert.Contains("1 problem:", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("reader options", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_for_each_caption_says_that_captions_belong_together() => Assert.Contains(
        "Give each image once, with all its captions together",
        Assert.Throws<SwanDataException>(() => Lines(string.Join('\n', Enumerable.Repeat(
            "{\"image\": \"river_1.png\", \"captions\": [\"a\"]}", 3)))).Message, StringComparison.Ordinal);

    [Fact]
    public void Names_with_other_folders_or_accents_find_the_file_that_is_there()
    {
        Directory.CreateDirectory(Path.Combine(_images, "sub"));
        File.WriteAllBytes(Path.Combine(_images, "sub", "caf\u00e9.png"), [1]);
        string message = Assert.Throws<SwanDataException>(() => Lines("""
            {"image": "sub/cafe\u0301.png", "captions": ["a"]}
            {"image": "sub\\caf\u00e9.png", "captions": ["a"]}
            """)).Message;
        // .NET knows accents where it has ICU.
        if ("\u00e9".Normalize(System.Text.NormalizationForm.FormD).Length > 1)
            Assert.Contains("'sub/caf\u00e9.png' exists. Match its case", message, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Contains("Write / between folders", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Coco_json_is_named_as_what_it_is()
    {
        string message = Assert.Throws<SwanDataException>(() => Rsicd("""
            {"info": {}, "images": [{"id": 1, "file_name": "river_1.png"}, {"id": 2, "file_name": "river_2.png"}],
             "annotations": [{"image_id": 1, "caption": "a river"}]}
            """, "train")).Message;
        Assert.Contains("1 problem:", message, StringComparison.Ordinal);
        Assert.Contains("it is COCO's layout", message, StringComparison.Ordinal);
        Assert.Contains("train.jsonl", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_other_splits_are_counted()
    {
        CaptionedImageSet set = Rsicd("""
            {"images":[
            {"filename":"river_1.png","split":"train","sentences":[{"raw":"x"}]},
            {"filename":"river_2.png","split":"restval","sentences":[{"raw":"y"}]}
            ]}
            """, "train");
        Assert.Equal(new Dictionary<string, int> { ["restval"] = 1 }, set.OtherSplits);
        Assert.Empty(Lines("{\"image\": \"river_1.png\", \"captions\": [\"a\"]}").OtherSplits);
    }

    [Fact]
    public void A_long_list_of_problems_is_cut_in_the_message_only()
    {
        var e = Assert.Throws<SwanDataException>(
            () => Lines(string.Join('\n', Enumerable.Range(0, 80).Select(i => $$"""{"image":"x{{i}}.png","captions":["a"]}"""))));
        Assert.Equal(80, e.Faults.Count);
        Assert.Contains("and 30 more", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_real_files_are_read()
    {
        string images = SharedFolder.Data("rsicd/images");
        CaptionedImageSet train = JsonLinesReader.Read(SharedFolder.Data("rsicd/train.jsonl"), images);
        Assert.Equal((7739, 5 * 7739), (train.Images.Count, train.Captions.Count));
        Assert.All(train.Images, i => Assert.Equal(CaptionedImage.SceneOf(i.FileName), i.Scene));
        Assert.Equal(30, train.Scenes.OfType<string>().Distinct().Count());
        CaptionedImageSet precomputed = PrecomputedReader.Read(
            SharedFolder.Data("rsicd/precomp/train_caps.txt"), SharedFolder.Data("rsicd/precomp/train_filename.txt"), images);
        Assert.Equal((7051, 5 * 7051), (precomputed.Images.Count, precomputed.Captions.Count));
        (CaptionedImageSet whole, CaptionedImageSet? validation) = CaptionedImageSet.Open(SharedFolder.Data("rsicd"));
        Assert.Equal((7739, 1089), (whole.Images.Count, validation!.Images.Count));
    }

    private CaptionedImageSet Lines(string text) => JsonLinesReader.Read(Write("data.jsonl", text), _images);

    private CaptionedImageSet Precomputed(string captions, string names) =>
        PrecomputedReader.Read(Write("x_caps.txt", captions), Write("x_filename.txt", names), _images);

    private CaptionedImageSet Rsicd(string json, string split) => RsicdJsonReader.Read(Write("d.json", json), _images, split);

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text, new UTF8Encoding(false));
        return _folder.File(name);
    }
}
