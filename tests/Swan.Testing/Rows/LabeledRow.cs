using Microsoft.ML.Data;

namespace Swan.Testing;

public sealed class LabeledRow
{
    [VectorType(TinyModel.EmbeddingSize)]
    public float[] Embedding { get; set; } = [];

    public string Scene { get; set; } = "";
}
