using System.Text.Json;
using Swan.MLNet.Datasets;

namespace Swan.MLNet.Tests.Datasets;

/// <summary>Folders and files of every layout, under the names that data sets have.</summary>
public sealed class DataFolderTests : IDisposable
{
    private const string Line = """{"image":"river_1.png","captions":["a river"]}""";
    private readonly TemporaryFolder _folder = new();

    public DataFolderTests() => Image("images");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train.jsonl"), InlineData("Train.jsonl"), InlineData("TRAIN.JSONL")]
    [InlineData("dataset_rsicd.json"), InlineData("dataset_RSITMD.json")]
    [InlineData("dataset_rsitmd.json"), InlineData("dataset_RSICD.JSON")]
    [InlineData("dataset.json"), InlineData("Dataset.json"), InlineData("dataset_nwpu.json"), InlineData("dataset_UCM.json")]
    [InlineData("train_caps.txt"), InlineData("Train_Caps.txt")]
    public void A_data_set_is_found_whatever_the_case_of_its_name(string name)
    {
        Write(name, "train");
        (CaptionedImageSet train, CaptionedImageSet? validation) = CaptionedImageSet.Open(_folder.FullName);
        Assert.Equal(["a river"], train.Captions);
        Assert.Null(validation);
        Assert.Equal(["a river"], CaptionedImageSet.Read(_folder.File(name), split: "train").Captions);
        Assert.Equal(["a river"], CaptionedImageSet.Read(_folder.FullName, split: "train").Captions);
    }

    [Theory]
    [InlineData("train.jsonl", "VAL.jsonl")]
    [InlineData("Train_caps.txt", "Val_Caps.txt")]
    public void A_validation_set_is_found_whatever_the_case_of_its_name(string train, string validation)
    {
        Write(train, "train");
        Write(validation, "val");
        Assert.Equal(["a river"], CaptionedImageSet.Open(_folder.FullName).Validation!.Captions);
        Assert.Equal(["a river"], CaptionedImageSet.Read(_folder.FullName).Captions);
    }

    [Fact]
    public void Images_lie_in_a_folder_whose_name_may_begin_with_a_capital()
    {
        Directory.Delete(_folder.File("images"), recursive: true);
        Image("Images");
        Write("train.jsonl", "train");
        Assert.True(File.Exists(CaptionedImageSet.Open(_folder.FullName).Train.Images[0].ImagePath));
    }

    [Fact]
    public void A_folder_without_a_layout_names_every_file_that_is_looked_for()
    {
        string message = Assert.Throws<SwanDataException>(() => CaptionedImageSet.Open(_folder.FullName)).Message;
        foreach (string name in (string[])["train.jsonl", "dataset.json", "dataset_rsicd.json", "dataset_RSITMD.json", "dataset_*.json",
            "train_caps.txt", "train_filename.txt"])
            Assert.Contains(name, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_others_use_as_well_come_last()
    {
        File.WriteAllText(_folder.File("dataset_info.json"), """{"builder_name":"a hub's","splits":{}}""");
        Write("train_caps.txt", "train");
        Assert.Equal(["a river"], CaptionedImageSet.Open(_folder.FullName).Train.Captions);
    }

    [Fact]
    public void A_split_with_a_name_of_its_own_is_not_unclear()
    {
        Write("dataset_a.json", "train");
        Write("dataset_b.json", "train");
        Write("val.jsonl", "val");
        Assert.Equal("val.jsonl", Path.GetFileName(CaptionedImageSet.Read(_folder.FullName, split: "val").Name));
    }

    [Fact]
    public void Files_that_could_all_be_meant_are_named()
    {
        Write("dataset_a.json", "train");
        Write("dataset_b.json", "train");
        var e = Assert.Throws<SwanDataException>(() => CaptionedImageSet.Open(_folder.FullName));
        Assert.Contains("several of its files could be the data set: dataset_a.json, dataset_b.json", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_lines_called_json_are_read_as_lines()
    {
        File.WriteAllText(_folder.File("val.json"), $"{Line}\n");
        Assert.Equal(["a river"], CaptionedImageSet.Read(_folder.File("val.json")).Captions);
    }

    [Fact]
    public void A_split_that_a_file_does_not_have_is_reported_with_those_it_has()
    {
        Write("dataset_rsicd.json", "train");
        var e = Assert.Throws<SwanDataException>(() => CaptionedImageSet.Read(_folder.File("dataset_rsicd.json"), split: "test"));
        Assert.Contains("its splits are: train", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train.jsonl"), InlineData("dataset_rsicd.json"), InlineData("train_caps.txt")]
    public void Missing_images_are_left_out_and_counted_if_so_asked(string name)
    {
        Write(name, "train", "river_1.png", "gone_1.png", "gone_2.png");
        CaptionedImageSet set = CaptionedImageSet.Open(_folder.FullName, skipMissing: true).Train;
        Assert.Equal((1, 2), (set.Images.Count, set.MissingImages));
        Assert.Equal(2, Assert.Throws<SwanDataException>(() => CaptionedImageSet.Open(_folder.FullName)).Faults.Count);
    }

    [Fact]
    public void A_set_without_any_of_its_images_is_refused_even_so()
    {
        Write("train.jsonl", "train", "gone_1.png", "gone_2.png");
        var e = Assert.Throws<SwanDataException>(() => CaptionedImageSet.Open(_folder.FullName, skipMissing: true));
        Assert.Contains("none of the 2 images that it names exists", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_faults_are_reported_though_missing_images_are_left_out()
    {
        File.WriteAllText(_folder.File("train.jsonl"), $$"""
            {{Line}}
            {"image":"gone.png","captions":[]}
            """);
        var e = Assert.Throws<SwanDataException>(() => CaptionedImageSet.Open(_folder.FullName, skipMissing: true));
        Assert.Contains("1 problem:", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_url_in_place_of_an_image_is_called_one()
    {
        Write("train.jsonl", "train", "https://example.org/river_1.png");
        var e = Assert.Throws<SwanDataException>(() => CaptionedImageSet.Open(_folder.FullName));
        Assert.Contains("only local files are read", e.Message, StringComparison.Ordinal);
    }

    private void Image(string folder)
    {
        Directory.CreateDirectory(_folder.File(folder));
        File.WriteAllBytes(_folder.File($"{folder}/river_1.png"), [1]);
    }

    private void Write(string name, string split, params string[] images)
    {
        if (images.Length == 0) images = ["river_1.png"];
        string lower = name.ToLowerInvariant();
        if (lower.EndsWith("_caps.txt", StringComparison.Ordinal))
        {
            File.WriteAllLines(_folder.File(name), images.Select(_ => "a river"));
            File.WriteAllLines(_folder.File(name.Replace("aps.txt", "aps", StringComparison.Ordinal)[..^4] + "filename.txt"), images);
        }
        else
        {
            File.WriteAllText(_folder.File(name), lower.EndsWith(".jsonl", StringComparison.Ordinal)
                ? string.Join('\n', images.Select(i => $$"""{"image":"{{i}}","captions":["a river"]}"""))
                : JsonSerializer.Serialize(new
                {
                    images = images.Select(i => new { filename = i, split, sentences = new[] { new { raw = "a river" } } }),
                }));
        }
    }
}
