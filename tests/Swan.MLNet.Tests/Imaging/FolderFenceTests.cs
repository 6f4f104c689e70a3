using Microsoft.ML;
using Swan.MLNet.Hosting;
using Swan.MLNet.Imaging;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>Paths that clients send do not lead out of the folder with the images.</summary>
public sealed class FolderFenceTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _all = new();
    private readonly string _folder;
    private readonly string _outside;

    public FolderFenceTests()
    {
        _folder = Directory.CreateDirectory(_all.File("images")).FullName;
        Directory.CreateDirectory(_all.File("images/sub"));
        Directory.CreateDirectory(_all.File("images-2"));
        TinyImages.Write(_all.File("images/sub"), "a.png", 1);
        TinyImages.Write(_all.File("images-2"), "b.png", 2);
        _outside = TinyImages.Write(_all.FullName, "outside.png", 3);
    }

    public void Dispose() => _all.Dispose();

    [Theory]
    [InlineData("../outside.png")]
    [InlineData("..\\outside.png")]
    [InlineData("sub/../../outside.png")]
    [InlineData("sub/../sub/a.png")] // what 'sub' is, the letters don't say
    [InlineData("../images/sub/a.png")]
    [InlineData("../images-2/b.png")]
    [InlineData("..")]
    [InlineData("/etc/hostname")]
    [InlineData("//server/share/a.png")]
    [InlineData("\\\\server\\share\\a.png")]
    [InlineData("\\\\?\\C:\\a.png")]
    [InlineData("\\a.png")]
    [InlineData("C:\\a.png")]
    [InlineData("c:/a.png")]
    [InlineData("file:///etc/hostname")]
    [InlineData("FILE:/etc/hostname")]
    [InlineData("https://example.org/a.png")]
    [InlineData("../no-such-file.png")] // whether it is there is not told either
    public void A_path_that_leads_out_is_a_bad_row(string path) => Assert.StartsWith($"OutsideFolder: '{path}'", Error(path));

    [Fact]
    public void An_absolute_path_into_the_folder_is_read()
    {
        Assert.Equal("", Error(Path.Combine(_folder, "sub", "a.png")));
        Assert.StartsWith("OutsideFolder: ", Error(Path.Combine(_folder, "..", "outside.png")));
        Assert.StartsWith("OutsideFolder: ", Error(_folder + "-2/b.png"));
    }

    [Theory]
    [InlineData("sub/a.png")]
    [InlineData("./sub//a.png")]
    [InlineData("..a.png")]
    [InlineData("a..png")]
    [InlineData("...png")]
    [InlineData("file.png")]
    public void A_name_within_the_folder_is_read(string name)
    {
        if (!name.Contains('/', StringComparison.Ordinal)) TinyImages.Write(_folder, name, 4);
        Assert.Equal("", Error(name));
    }

    [Fact]
    public void Links_are_followed_to_where_they_end()
    {
        Directory.CreateSymbolicLink(_all.File("images/up"), _all.FullName);
        Directory.CreateSymbolicLink(_all.File("images/sub/beside"), "../../images-2");
        File.CreateSymbolicLink(_all.File("images/out.png"), _outside);
        File.CreateSymbolicLink(_all.File("images/nowhere.png"), _all.File("none.png"));
        File.CreateSymbolicLink(_all.File("images/chain.png"), "out.png");
        File.CreateSymbolicLink(_all.File("images/circle.png"), "circle.png");
        Assert.All(
            (string[])["up/outside.png", "up/images/sub/beside/b.png", "sub/beside/b.png", "out.png", "nowhere.png", "chain.png"],
            path => Assert.StartsWith("OutsideFolder: ", Error(path)));
        Assert.NotEqual("", Error("circle.png"));

        File.CreateSymbolicLink(_all.File("images/in.png"), "sub/a.png");
        File.CreateSymbolicLink(_all.File("images/in-2.png"), _all.File("images/sub/a.png"));
        Assert.All((string[])["in.png", "in-2.png", "up/images/sub/a.png"], path => Assert.Equal("", Error(path)));
    }

    [Fact]
    public void The_folder_itself_may_be_a_link()
    {
        Directory.CreateSymbolicLink(_all.File("link"), _folder);
        File.CreateSymbolicLink(_all.File("images/in.png"), _all.File("images/sub/a.png"));
        Assert.Equal("", Error("in.png", new() { ImageFolder = _all.File("link") }));
        Assert.Equal("", Error("in.png", new() { ImageFolder = Path.GetRelativePath(Environment.CurrentDirectory, _folder) + "/" }));
    }

    [Fact]
    public void Without_a_folder_or_a_fence_paths_lead_anywhere()
    {
        Assert.Equal("", Error(_outside, new()));
        SwanEmbeddingOptions open = new() { ImageFolder = _folder, RestrictToImageFolder = false };
        Assert.All((string[])[_outside, "../outside.png", "sub/a.png"], path => Assert.Equal("", Error(path, open)));
    }

    [Fact]
    public void The_machine_that_loads_a_pipeline_decides()
    {
        using SwanEmbeddingTransformer fitted = Fit(new() { ImageFolder = _folder });
        _ml.Model.Save(fitted, Rows("").Schema, _all.File("pipeline.zip"));
        Assert.Contains("OutsideFolder", Error(null), StringComparison.Ordinal);
        Assert.Equal("", Error(new() { RestrictToImageFolder = false }));

        string Error(SwanLoadOptions? options)
        {
            using var pool = new SwanPredictionEnginePool<TextRow, ErrorRow>(
                new() { PipelinePath = _all.File("pipeline.zip"), Load = options });
            return pool.Predict(new TextRow { Text = "../outside.png" }).EmbeddingError;
        }
    }

    private string Error(string path, SwanEmbeddingOptions? options = null)
    {
        using SwanEmbeddingTransformer fitted = Fit(options ?? new() { ImageFolder = _folder });
        ErrorRow row = _ml.Data.CreateEnumerable<ErrorRow>(fitted.Transform(Rows(path)), reuseRowObject: false).Single();
        Assert.Equal(row.EmbeddingError.Length > 0, float.IsNaN(row.Embedding[0]));
        return row.EmbeddingError;
    }

    private SwanEmbeddingTransformer Fit(SwanEmbeddingOptions options)
    {
        options.OnError = SwanOnError.Missing;
        return _ml.Transforms.SwanEmbedding("Embedding", "Text", TinyModel.Write(_all.FullName), options).Fit(Rows(""));
    }

    private IDataView Rows(string path) => _ml.Data.LoadFromEnumerable([new TextRow { Text = path }]);
}
