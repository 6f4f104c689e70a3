using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Swan.MLNet.Tests.Transforms;

public sealed class TextRow
{
    public string Text { get; set; } = "";

    public float Number { get; set; }
}

public sealed class ImageRow
{
    [ImageType(14, 20)]
    public MLImage? Image { get; set; }

    public float Number { get; set; }
}

public sealed class BytesRow
{
    /// <summary>A whole image file.</summary>
    public byte[] Image { get; set; } = [];

    public float Number { get; set; }
}

public sealed class NumberRow
{
    public float Text { get; set; }

    public float Image { get; set; }
}

public sealed class OtherRow
{
    public string Elsewhere { get; set; } = "";
}

public sealed class EmbeddedRow
{
    public float Number { get; set; }

    [VectorType(TinyModel.EmbeddingSize)]
    public float[] Embedding { get; set; } = [];
}

public sealed class ErrorRow
{
    public float Number { get; set; }

    [VectorType(TinyModel.EmbeddingSize)]
    public float[] Embedding { get; set; } = [];

    public string EmbeddingError { get; set; } = "";
}
