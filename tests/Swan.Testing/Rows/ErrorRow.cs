using Microsoft.ML.Data;

namespace Swan.Testing;

public sealed class ErrorRow
{
    public float Number { get; set; }

    [VectorType(TinyModel.EmbeddingSize)]
    public float[] Embedding { get; set; } = [];

    public string EmbeddingError { get; set; } = "";
}
