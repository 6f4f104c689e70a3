using Microsoft.ML.Data;

namespace Swan.MLNet.Tests.Transforms;

public sealed class EmbeddedRow
{
    public float Number { get; set; }

    [VectorType(TinyModel.EmbeddingSize)]
    public float[] Embedding { get; set; } = [];
}
