using Microsoft.ML;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Scheduling;

public sealed class ParallelWorkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_parallel_loop_throws_comes_out_as_itself()
    {
        Assert.Throws<InvalidDataException>(() => ParallelWork.Run(() => Parallel.For(0, 8, _ => throw new InvalidDataException())));
        Assert.Throws<OutOfMemoryException>(() => ParallelWork.Run(
            () => throw new AggregateException(new InvalidDataException(), new AggregateException(new OutOfMemoryException()))));
    }

    [Fact]
    public void Exhausted_memory_while_images_are_made_is_thrown_as_itself()
    {
        using SwanModel model = SwanModel.Open(TinyModel.Write(_folder.FullName));
        Assert.Throws<OutOfMemoryException>(() => model.EmbedImages(8, RgbImage (_) => throw new OutOfMemoryException()));
    }

    [Theory]
    [InlineData(SwanOnError.Throw)]
    [InlineData(SwanOnError.Skip)]
    [InlineData(SwanOnError.Missing)]
    public void Exhausted_memory_at_a_row_throws_whatever_the_policy(SwanOnError onError)
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Repeat(new TextRow { Text = "river" }, 4).ToArray());
        var options = new SwanEmbeddingOptions { OnError = onError, Input = SwanInput.ImagePath };
        using SwanEmbeddingTransformer step =
            ml.Transforms.SwanEmbedding("Embedding", "Text", TinyModel.Write(_folder.FullName), options).Fit(data);
        IDataView failing = ml.Transforms
            .CustomMapping<TextRow, TextRow>((row, _) => throw new OutOfMemoryException(row.Text), null).Fit(data).Transform(data);
        Exception e = Assert.ThrowsAny<Exception>(() => ml.Data.CreateEnumerable<EmbeddedRow>(
            step.Transform(failing), reuseRowObject: false).Count());
        Assert.IsType<OutOfMemoryException>(e.GetBaseException());
    }
}
