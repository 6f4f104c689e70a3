using Swan.Cli.Bench;
using Swan.Cli.Outcomes;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.Cli.Tests.Bench;

public sealed class BenchInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_are_taken_that_each_model_can_read()
    {
        string small = Write("small.png", 20), large = Write("large.png", 40);
        ImageDecodingOptions strict = new() { MaxPixels = 500 };

        using BenchInput all = Read([small, large], [new()]), some = Read([small, large], [new(), strict]);

        Assert.Equal([small, large], all.Paths);
        Assert.Equal([small, small], some.Paths);
        Assert.Equal((0, 1), (all.Unreadable, some.Unreadable));
        Assert.Throws<CommandException>(() => Read([large], [strict, new()]));
    }

    [Fact]
    public void Reading_images_can_be_canceled()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => BenchInput.Read([Write("a.png", 20)], _folder.FullName, 1, 1, [new()], canceled.Token));
    }

    [Fact]
    public void An_image_that_is_gone_is_named_and_no_defect()
    {
        string path = Write("gone.png", 20);
        using BenchInput input = Read([path], [new()]);
        File.Delete(path);
        var fault = Assert.Throws<SwanImageException>(() => Workloads.OfModel(
            SwanModel.Default, () => SwanModel.OpenDefault(), input, TestContext.Current.CancellationToken).Count());
        Assert.Equal((path, ImageFault.Missing), (fault.ImageName, fault.Fault));
    }

    [Theory]
    [InlineData(2_000_000, 1074)]
    [InlineData(int.MaxValue, 2)]
    public void A_gallery_that_no_array_holds_is_refused_with_the_most(int rows, int embeddingSize)
    {
        var fault = Assert.Throws<UsageException>(
            () => Workloads.OfSearch(rows, embeddingSize, TestContext.Current.CancellationToken).First());
        Assert.StartsWith(
            $"--gallery is {rows}; expected at most {Array.MaxLength / embeddingSize} with", fault.Message, StringComparison.Ordinal);
    }

    private BenchInput Read(string[] files, ImageDecodingOptions[] decodings) =>
        BenchInput.Read(files, _folder.FullName, 2, 4, decodings, TestContext.Current.CancellationToken);

    private string Write(string name, int side)
    {
        File.WriteAllBytes(_folder.File(name), EncodedImages.Png(side, side));
        return _folder.File(name);
    }
}
