using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Swan.Testing;

public sealed class ImageRow
{
    [ImageType(14, 20)]
    public MLImage? Image { get; set; }

    public float Number { get; set; }
}
