using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Evaluation;

namespace Swan.MLNet.Tests.Evaluation;

public sealed class EmbeddedImagesTests
{
    private const int Dimension = 512;

    [Theory]
    [InlineData(5_000)]
    [InlineData(12_000)]
    public void Embeddings_are_read_without_a_second_copy_of_them(int rows)
    {
        var ml = new MLContext(1);
        IDataView view = ml.Data.LoadFromEnumerable(Rows(rows));
        var columns = RetrievalColumns.Find(view.Schema, nameof(Row.Vector), nameof(Row.Key), null, "images");
        long before = GC.GetAllocatedBytesForCurrentThread();
        EmbeddedImages images = EmbeddedImages.Read(view, columns, TestContext.Current.CancellationToken);
        double share = (GC.GetAllocatedBytesForCurrentThread() - before) / ((double)rows * Dimension * sizeof(float));
        Assert.Equal(rows, images.Embeddings.Count);
        // The last block has room for more rows, the first one grew to its size, and rows have keys.
        Assert.InRange(share, 1, 1.9);
    }

    // One object, again and again: rows themselves take no memory.
    private static IEnumerable<Row> Rows(int count)
    {
        var row = new Row { Vector = new float[Dimension] };
        for (int i = 0; i < count; i++)
        {
            row.Vector[i % Dimension] = 1;
            row.Key = $"{i}";
            yield return row;
        }
    }

    private sealed class Row
    {
        [VectorType(Dimension)]
        public float[] Vector { get; set; } = [];

        public string Key { get; set; } = "";
    }
}
