using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Models;
using Swan.Training.Evaluation;

namespace Swan.Training.Tests.Evaluation;

public sealed class EmbeddedSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SwanModel _model;

    public EmbeddedSetTests() => _model = SwanModel.Open(TinyModel.Write(_folder.FullName));

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Images_that_can_not_be_read_are_named_together()
    {
        var e = Assert.Throws<SwanDataException>(() => Embed(TestContext.Current.CancellationToken));
        Assert.Equal(2, e.Faults.Count);
    }

    [Fact]
    public void A_cancellation_while_unreadable_images_are_counted_is_one()
    {
        using var stop = new CancellationTokenSource();
        void StopThen(object? sender, FirstChanceExceptionEventArgs e)
        {
            if (e.Exception is SwanRowException) stop.Cancel();
        }

        AppDomain.CurrentDomain.FirstChanceException += StopThen;
        try
        {
            Assert.ThrowsAny<OperationCanceledException>(() => Embed(stop.Token));
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= StopThen;
        }
    }

    private void Embed(CancellationToken cancellation)
    {
        CaptionedImage[] images = [.. Enumerable.Range(0, 2).Select(i =>
        {
            string path = _folder.File($"{i}.png");
            File.WriteAllText(path, "no image");
            return new CaptionedImage(path, $"{i}.png", null, ["a river"]);
        })];
        _ = new EmbeddedSet(new MLContext(1), new(images, "set"), _model, rotations: 1, cancellation);
    }
}
