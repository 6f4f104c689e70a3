using Microsoft.ML.Data;

namespace Swan.MLNet.Tests.Transforms;

public sealed class LabelledRow
{
    [VectorType(TinyModel.EmbeddingSize)]
    public float[] Embedding { get; set; } = [];

    public string Scene { get; set; } = "";
}
