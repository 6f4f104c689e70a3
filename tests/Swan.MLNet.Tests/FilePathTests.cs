using Microsoft.ML;
using Swan.MLNet.Datasets;
using Swan.MLNet.Hosting;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Text;

namespace Swan.MLNet.Tests;

/// <summary>.NET opens a file with U+FFFD in its name where a path has half a surrogate pair.</summary>
public sealed class FilePathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Calls => [.. Actions.Keys];

    // Each would succeed with the file whose name has U+FFFD.
    private static Dictionary<string, (Func<TemporaryFolder, byte[]> Content, Action<string> Open)> Actions { get; } = new()
    {
        ["SwanModelFile.Read"] = (Model, static path => SwanModelFile.Read(path)),
        ["SwanModel.Open"] = (Model, static path => SwanModel.Open(path).Dispose()),
        ["SwanModelFile.Save"] = (Nothing, static path => SwanModelFile.Default.Save(path)),
        ["SwanIndex.Load"] = (Index, static path => SwanIndex.Load(path)),
        ["SwanIndex.Save"] = (Nothing, static path => SearchRows.Index().Save(path)),
        ["LoadPipeline"] = (Pipeline, static path => ((IDisposable)new MLContext().Swan().LoadPipeline(path, out _)).Dispose()),
        ["a pool"] = (Pipeline, static path =>
            new SwanPredictionEnginePool<TinyPipeline.Query, TinyPipeline.Answer>(TinyPipeline.Options(path)).Dispose()),
        ["WordVocabulary.Load"] = (static _ => TinyModel.Vocabulary, static path => WordVocabulary.Load(path)),
        ["ImageDecoder.Decode"] = (Image, static path => ImageDecoder.Decode(path)),
        ["EmbedImage"] = (Image, static path => SwanModel.Default.EmbedImage(path)),
        ["a list of images"] = (static _ => [], static path => JsonLinesReader.Read(path, ".")),
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void Half_a_surrogate_pair_in_a_path_is_refused_by(string call)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "names of files may have half a pair there");
        (Func<TemporaryFolder, byte[]> content, Action<string> open) = Actions[call];
        File.WriteAllBytes(_folder.File("a\uFFFDb"), content(_folder));
        Exception e = Assert.ThrowsAny<Exception>(() => open(_folder.File("a\uD83Db")));
        Assert.Contains($"The path '{_folder.File("a\uFFFDb")}' has half a surrogate pair (U+D83D)", e.Message, StringComparison.Ordinal);
        Assert.Equal(content(_folder).Length, new FileInfo(_folder.File("a\uFFFDb")).Length);
    }

    [Theory]
    [InlineData("a\uFFFDb")]
    [InlineData("\U0001F680")]
    public void Whole_characters_of_every_kind_may_be_in_a_path(string name)
    {
        SearchRows.Index().Save(_folder.File(name));
        Assert.NotEmpty(SwanIndex.Load(_folder.File(name)).Keys);
    }

    [Theory]
    [InlineData("https://example.org/a.png", "it is a URL, and only local files are read")]
    [InlineData("s3://bucket/a.png", "it is a URL, and only local files are read")]
    [InlineData("/images/https://example.org/a.png", "it is a URL, and only local files are read")]
    [InlineData("file:///tmp/a.png", "Give the path itself, without 'file://'")]
    [InlineData("caf\uFFFD.png", "bytes that are not UTF-8")]
    [InlineData("cafe.png", "there is no such file")]
    [InlineData("a://b.png", "there is no such file")] // a drive, say: schemes have more than a letter
    public void A_missing_image_is_told_by_what_its_name_says(string path, string expected)
    {
        var e = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(path));
        Assert.Equal(ImageFault.Missing, e.Fault);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_a_url_is_called_one()
    {
        var e = Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.List("s3://bucket/images"));
        Assert.Contains("only local files are read", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_whose_name_is_not_utf8_is_listed_and_its_refusal_says_why()
    {
        Assert.SkipWhen(!OperatingSystem.IsLinux(), "needs a file system that takes any bytes for a name");
        TinyImages.Write(_folder.FullName, "a.png", 1);
        // .NET can neither make nor delete such a file. $'…' is how bash writes a byte.
        Bash(@"mv a.png $'latin1_\xe9.png'");
        try
        {
            string listed = Assert.Single(ImageFolder.List(_folder.FullName));

            var e = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(_folder.File(listed)));
            Assert.Contains("its name contains U+FFFD, which stands for bytes that are not UTF-8", e.Message, StringComparison.Ordinal);
        }
        finally
        {
            Bash("rm *.png");
        }

        void Bash(string command) => LoadOnlyProcess.Start(
            new Dictionary<string, string>(), "bash", "-c", $"cd '{_folder.FullName}' && {command}");
    }

    private static byte[] Nothing(TemporaryFolder folder) => [];

    private static byte[] Model(TemporaryFolder folder) => File.ReadAllBytes(TinyModel.Write(folder.FullName));

    private static byte[] Pipeline(TemporaryFolder folder) => TinyPipeline.Bytes(folder, version: 1);

    private static byte[] Image(TemporaryFolder folder) => File.ReadAllBytes(TinyImages.Write(folder.FullName, "a.png", 1));

    private static byte[] Index(TemporaryFolder folder)
    {
        SearchRows.Index().Save(folder.File("index"));
        return File.ReadAllBytes(folder.File("index"));
    }
}
