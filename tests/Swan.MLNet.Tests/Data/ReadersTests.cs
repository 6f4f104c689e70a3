using Swan.MLNet.Data;
using Swan.MLNet.Tests.Models;
using Swan.Training.Tests;

namespace Swan.MLNet.Tests.Data;

public sealed class ReadersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ReadersTests()
    {
        Directory.CreateDirectory(_folder.File("images"));
        foreach (string name in (string[])["airport_1.png", "airport_2.png", "river_1.png", "00042.png"]) TinyImages.Write(_folder.File("images"), name, seed: 1);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Json_lines_are_read_with_byte_order_mark_crlf_and_blank_lines()
    {
        File.WriteAllText(_folder.File("train.jsonl"), "{\"image\": \"airport_1.png\", \"scene\": \"airport\", \"captions\": [\"a plane\", \"two planes\"]}\r\n\r\n{\"image\": \"00042.png\", \"captions\": [\"a pond\"]}\r\n", new System.Text.UTF8Encoding(true));

        (CaptionedImageSet train, CaptionedImageSet? validation) = CaptionedImageSet.Open(_folder.FullName);

        Assert.Null(validation);
        Assert.Equal(["airport", null], train.Scenes);
        Assert.Equal(["a plane", "two planes", "a pond"], train.Captions);
        Assert.Equal([0, 0, 1], train.CaptionImage);
        Assert.All(train.Images, image => Assert.True(File.Exists(image.ImagePath)));
    }

    [Fact]
    public void All_faults_of_both_files_are_reported_at_once_with_file_and_line()
    {
        File.WriteAllLines(_folder.File("train.jsonl"),
        [
            """{"image": "airport_1.png", "captions": ["a plane"]}""",
            """{"image": "nowhere.png", "captions": ["a plane"]}""",
            "{broken",
            """{"image": "airport_1.png", "captions": ["again"]}""",
            """{"image": "river_1.png", "captions": []}""",
            """{"captions": ["whose?"]}""",
            """{"image": "../secret.png", "captions": ["outside"]}""",
            """{"image": "airport_2.png", "captions": [null]}""",
            """{"image": "airport_2.png", "captions": "one text"}""",
        ]);
        File.WriteAllText(_folder.File("val.jsonl"), """{"image": "missing.png", "captions": ["a"]}""");

        var e = Assert.Throws<SwanDataException>(() => CaptionedImageSet.Open(_folder.FullName));

        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9, 1], e.Faults.Select(f => f.Line));
        Assert.Equal(8, e.Faults.Count(f => f.File.EndsWith("train.jsonl", StringComparison.Ordinal)));
        Assert.Contains("train.jsonl(2): the image 'nowhere.png' is not in", e.Message, StringComparison.Ordinal);
        Assert.Contains("was already given at", e.Message, StringComparison.Ordinal);
        Assert.Contains("leads out of the image folder", e.Message, StringComparison.Ordinal);
        Assert.Contains("val.jsonl(1)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_references_layout_is_read_and_a_count_that_does_not_fit_is_reported()
    {
        File.WriteAllLines(_folder.File("train_caps.txt"), ["a plane", "two planes", "a river"]);
        File.WriteAllLines(_folder.File("train_filename.txt"), ["airport_1.png", "airport_1.png", "river_1.png"]);
        (CaptionedImageSet train, _) = CaptionedImageSet.Open(_folder.FullName);
        Assert.Equal(["airport_1.png", "river_1.png"], train.Images.Select(i => i.FileName));
        Assert.Equal(["a plane", "two planes"], train.Images[0].Captions);

        File.AppendAllText(_folder.File("train_caps.txt"), "one too many\n");
        File.AppendAllText(_folder.File("train_filename.txt"), "gone.png\nairport_2.png\n");
        var e = Assert.Throws<SwanDataException>(() => CaptionedImageSet.Open(_folder.FullName));
        Assert.Contains("has 5 lines", e.Message, StringComparison.Ordinal);
        Assert.Contains("train_filename.txt(4)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rsicds_own_json_is_read_by_its_splits()
    {
        File.WriteAllText(_folder.File("dataset_rsicd.json"), """
            {"dataset": "rsicd", "images": [
              {"filename": "airport_1.png", "imgid": 0, "split": "train", "sentences": [{"raw": "a plane .", "tokens": ["a", "plane"]}, {"raw": "two"}]},
              {"filename": "river_1.png", "split": "val", "sentences": [{"raw": "a river"}]},
              {"filename": "gone.png", "split": "test", "sentences": [{"raw": "not looked for"}]}]}
            """);
        (CaptionedImageSet train, CaptionedImageSet? validation) = CaptionedImageSet.Open(_folder.FullName);
        Assert.Equal(["a plane .", "two"], train.Captions);
        Assert.Equal("river", Assert.Single(validation!.Images).Scene);

        var e = Assert.Throws<SwanDataException>(() => RsicdJsonReader.Read(_folder.File("dataset_rsicd.json"), _folder.File("images"), "test"));
        Assert.Contains("gone.png", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<SwanDataException>(() => RsicdJsonReader.Read(_folder.File("dataset_rsicd.json"), _folder.File("images"), "restval"));
        Assert.Contains("its splits are: train, val, test", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_no_known_layout_is_refused_by_its_name()
    {
        var e = Assert.Throws<SwanDataException>(() => CaptionedImageSet.Open(_folder.File("images")));
        Assert.Contains("its layout is not one of the three", e.Message, StringComparison.Ordinal);
        Assert.Throws<SwanDataException>(() => CaptionedImageSet.Open(_folder.File("nowhere")));
    }

    [Theory]
    [InlineData("airport_1.jpg", "airport")]
    [InlineData("denseresidential_12.jpg", "denseresidential")]
    [InlineData("00123.jpg", null)]
    [InlineData("1_airport.jpg", null)]
    [InlineData("airport.jpg", null)]
    [InlineData("_1.jpg", null)]
    public void A_file_name_tells_its_scene(string name, string? scene) => Assert.Equal(scene, CaptionedImage.SceneOf(name));

    [Fact]
    public void The_real_lists_are_read_in_both_layouts()
    {
        (CaptionedImageSet train, CaptionedImageSet? validation) = CaptionedImageSet.Open(SharedFolder.Data("rsicd"));
        Assert.Equal((7739, 1089), (train.Images.Count, validation!.Images.Count));
        Assert.Equal(5 * 7739, train.Captions.Count);
        (CaptionedImageSet theirs, CaptionedImageSet? theirValidation) = CaptionedImageSet.Open(SharedFolder.Data("rsicd/precomp"));
        Assert.Equal((7051, 1777), (theirs.Images.Count, theirValidation!.Images.Count));
    }
}
