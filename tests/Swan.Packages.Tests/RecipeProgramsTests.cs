namespace Swan.Packages.Tests;

/// <summary>The programs of <c>build/recipe</c> refuse what they can't use in a line, before they work.</summary>
public sealed class RecipeProgramsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _isBuilt;

    public RecipeProgramsTests()
    {
        string images = Directory.CreateDirectory(_folder.File("rsicd/images")).FullName;
        for (int i = 0; i < 4; i++) TinyImages.Write(images, $"{i}.png", seed: i);
        Directory.CreateDirectory(_folder.File("texts"));
        Write("train", 0, 1, 2);
        Write("dev", 3);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sentences_are_chosen_only_with_usable_arguments_and_files()
    {
        Write("val", 3);
        string[] folders = ["--data", _folder.File("rsicd"), "--out", _folder.File("out")];
        void Refuses(int code, string reason, params string[] more) =>
            Check("fitting-sentences.cs", code, reason, [.. folders, .. more]);

        Refuses(2, "--take is '0'; expected a whole number from 1.", "--take", "0", "m.swan");
        Refuses(2, "--take is 'many'; expected a whole number from 1.", "--take", "many", "m.swan");
        Refuses(2, "--temperature is '0'; expected a number above 0", "--temperature", "0", "m.swan");
        Refuses(2, "At least one model is needed.");
        Refuses(1, $"Could not find file '{_folder.File("none.txt")}'.", "--sentences", _folder.File("none.txt"), "m.swan");
        Refuses(1, $"There is no model file '{_folder.File("none.swan")}'", _folder.File("none.swan"));
        File.Delete(_folder.File("rsicd/val.jsonl"));
        Refuses(1, "val.jsonl: it can't be read", "m.swan");
        Assert.False(Path.Exists(_folder.File("out")));
    }

    [Fact]
    public void Descriptions_need_no_other_images_than_are_asked_for()
    {
        File.Copy(_folder.File("rsicd/train.jsonl"), _folder.File("texts/rsicd.jsonl"));
        string[] arguments = ["--data", _folder.FullName, "--out", _folder.File("out"), "--descriptions", _folder.File("texts")];
        Check("prepare-data.cs", 2, "--similar is '2'; expected a number from 0 to 1", [.. arguments, "--similar", "2"]);
        Check("prepare-data.cs", 0, "descriptions: 3 of 3 images have some", arguments);
        Check("prepare-data.cs", 1, "ucm.jsonl: it can't be read", [.. arguments[..3], _folder.File("other"), .. arguments[4..], "--more"]);
    }

    [Fact]
    public void A_final_models_data_have_descriptions_of_the_validation_images()
    {
        File.Copy(_folder.File("rsicd/train.jsonl"), _folder.File("texts/rsicd.jsonl"));
        File.WriteAllText(_folder.File("texts/dev.jsonl"), """{"image": "3.png", "captions": ["waves and a pier"]}""");
        string[] arguments = ["--data", _folder.FullName, "--out", _folder.File("out"), "--descriptions", _folder.File("texts")];

        Check("prepare-data.cs", 0, "descriptions: 1 of 1 images have some", [.. arguments, "--final"]);

        Assert.Equal(
            """{"image":"3.png","scene":"beach","captions":["the 3. beach","a beach","waves and a pier"]}""",
            File.ReadAllText(_folder.File("out/val.jsonl")).TrimEnd());
    }

    private void Write(string list, params int[] images) =>
        File.WriteAllLines(_folder.File($"rsicd/{list}.jsonl"),
            images.Select(i => $$"""{"image": "{{i}}.png", "scene": "beach", "captions": ["the {{i}}. beach", "a beach"]}"""));

    private void Check(string program, int code, string said, params string[] arguments)
    {
        string[] build = _isBuilt ? ["--no-build"] : [];
        (int ended, string output) = DotNet.Try(Repository.Root, null,
            ["run", Path.Combine("build", "recipe", program), "-c", Repository.Configuration, .. build, "--", .. arguments]);
        _isBuilt = true;
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal); // a stack trace
        Assert.Equal(code, ended);
    }
}
