using Swan.Cli.Display;
using Swan.Cli.Indexing;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.Cli.Tests.Indexing;

public sealed class ImageAddingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_commit_that_fails_does_not_hide_the_first_fault()
    {
        string images = _folder.File("images"), broken = Path.Combine(images, "a.png");
        Directory.CreateDirectory(images);
        File.WriteAllText(broken, "no image");
        using SwanModel model = SwanModel.Open(TinyModel.Write(_folder.FullName));
        using SwanLiveIndex index = SwanLiveIndex.Create(_folder.File("index"), new SwanIndexSettings(TinyModel.EmbeddingSize));
        using SwanIndexWriter writer = index.OpenWriter();
        var adding = new ImageAdding(
            writer, ValuesTable.None, new WorkDisplay("images", json: true), TestContext.Current.CancellationToken);
        Assert.Throws<SwanNothingEmbeddedException>(
            () => adding.Run([ImageFile.Read(images, broken, "")], Opened, new ImageDecodingOptions()));

        // The new columns can't be committed any more.
        SwanModel Opened()
        {
            File.Move(Path.Combine(index.Folder, "manifest.json"), Path.Combine(index.Folder, "away.json"));
            return model;
        }
    }
}
