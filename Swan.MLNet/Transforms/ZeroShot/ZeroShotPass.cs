using Microsoft.ML;
using Swan.MLNet.DataViews;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Transforms;

/// <summary>One pass over embeddings that are compared with classes.</summary>
internal sealed class ZeroShotPass(EmbeddingColumn input, DataViewRow row, EmbeddingBlocks classes, float temperature) : RowPass
{
    public override RowBatch CreateBatch(int capacity) => new ZeroShotBatch(input, row, classes, temperature);
}
