using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace PipelineTour.Examples;

/// <summary>From a column of texts to embeddings that can be compared with those of images.</summary>
internal static class EmbedTexts
{
    public static Task Run(ExampleContext context)
    {
        string[] texts = [context.Images[0].Captions[0], context.Images[^1].Captions[0]];
        IDataView rows = context.ML.Data.LoadFromEnumerable(texts.Select(text => new { Text = text }));
        IDataView embedded = context.ML.Transforms.SwanCaptionEmbedding("Embedding", "Text", context.Model).Fit(rows).Transform(rows);

        float[] image = context.Embedded.GetColumn<float[]>("Embedding").First();
        foreach ((string text, float[] vector) in texts.Zip(embedded.GetColumn<float[]>("Embedding")))
            context.Print($"cosine {TensorPrimitives.Dot(image, vector),5:F2} to {context.Images[0].FileName}: {text}");
        return Task.CompletedTask;
    }
}

// It printed:
//  cosine  0.56 to airport_56.jpg: a gray terminal with two red planes stands beside two crossing runways
//  cosine -0.15 to airport_56.jpg: one row of red tennis courts with green borders
