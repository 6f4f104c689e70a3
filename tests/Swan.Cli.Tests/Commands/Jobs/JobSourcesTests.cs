using System.Formats.Tar;

namespace Swan.Cli.Tests.Commands;

/// <summary>Where batch jobs' images come from, as options say; what the sources do is tested in Swan.Batch.Tests.</summary>
public sealed class JobSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _images, _model;

    public JobSourcesTests()
    {
        _images = Directory.CreateDirectory(_folder.File("images")).FullName;
        for (int i = 0; i < 2; i++) TinyImages.Write(_images, $"{i}.png", seed: i);
        _model = TinyModel.Write(_folder.FullName);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_job_over_a_tar_is_planned_and_run()
    {
        TarFile.CreateFromDirectory(_images, _folder.File("a.tar"), includeBaseDirectory: false);
        await PlannedAndRunAsync("--archives", _folder.File("a.tar"));
    }

    [Fact]
    public async Task A_job_over_a_manifest_is_planned_and_run_without_the_manifest()
    {
        string manifest = _folder.File("m.csv");
        await File.WriteAllLinesAsync(manifest, ["file,label", "0.png,roof", "1.png,road"]);
        await PlannedAndRunAsync("--manifest", manifest, "--path-column", "file", "--root", _images);
    }

    [Theory]
    [InlineData(2, "Give one of --images, --archives, --list and --manifest.", "--images", "a", "--archives", "b")]
    [InlineData(2, "--key-column requires --manifest.", "--images", "a", "--key-column", "b")]
    [InlineData(1, "There is no manifest '/nowhere.csv'", "--manifest", "/nowhere.csv")]
    public async Task Options_that_can_not_be_used_are_named(int expectedCode, string expected, params string[] options)
    {
        (int code, _, string errors) = await SwanProcess.Run(["embed", .. options, "--out", _folder.File("out")]);
        Assert.True(code == expectedCode, errors);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    private async Task PlannedAndRunAsync(params string[] source)
    {
        string output = _folder.File("out");
        (int code, _, string errors) = await SwanProcess.Run(["job", "plan", .. source, "--model", _model, "--out", output]);
        Assert.True(code == 0, errors);
        // What images are in must be there; what names them need not.
        if (source[0] == "--manifest") File.Delete(source[1]);
        (code, string said, errors) = await SwanProcess.Run("job", "run", output);
        Assert.True(code == 0, errors);
        Assert.Contains("done: 2 of 2 rows, 2 embedded, 0 bad", said, StringComparison.Ordinal);
    }
}
