using Microsoft.ML.Data;

namespace Swan.Testing;

public sealed class EmbeddedRow
{
    public float Number { get; set; }

    [VectorType(TinyModel.EmbeddingSize)]
    public float[] Embedding { get; set; } = [];
}
