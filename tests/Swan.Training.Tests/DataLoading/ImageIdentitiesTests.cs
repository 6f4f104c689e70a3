using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.Training.DataLoading;

namespace Swan.Training.Tests.DataLoading;

public sealed class ImageIdentitiesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_image_is_identified_in_the_order_of_its_set()
    {
        (CaptionedImageSet set, _) = TinyData.Open(_folder.File("data"), train: 5, validation: 1);

        Assert.Equal(set.Images.Select(i => ImageIdentity.Read(i.ImagePath)), ImageIdentities.Read(set, Cancellation));
    }

    [Fact]
    public void A_failing_disk_and_exhausted_memory_come_out_as_themselves()
    {
        var disk = new IOException("Input/output error", 5);

        Assert.Same(disk, Record.Exception(() => ImageIdentities.Read(8, _ => throw disk, Cancellation)));
        Assert.IsType<OutOfMemoryException>(
            Record.Exception(() => ImageIdentities.Read(8, _ => throw new OutOfMemoryException(), Cancellation)));
    }

    [Fact]
    public void The_first_bad_image_is_thrown_whichever_is_read_first()
    {
        var fault = Assert.Throws<SwanImageException>(() => ImageIdentities.Read(
            64, i => i < 9 ? default : throw new SwanImageException($"{i}.png", ImageFault.Empty, "it has no bytes."), Cancellation));

        Assert.Equal("9.png", fault.ImageName);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
