using Microsoft.ML.Data;
using Swan.MLNet.Transforms;

namespace Swan.Testing;

/// <summary>Embeddings of captions, which the classes of the same words fit best.</summary>
public static class ZeroShotRows
{
    public static SwanZeroShotOptions Options =>
        new() { Classes = TinyModel.Sentences, PromptTemplates = ["{0}", "many {0} near {0}"], Temperature = 0.1f };

    public static LabeledRow[] Rows(int count) => [.. Enumerable.Range(0, count).Select(i => new LabeledRow
    {
        Scene = TinyModel.Sentences[i % 4],
        // Nearly the class's embedding, and of another length.
        Embedding = [.. TinyModel.CaptionEmbedding(TinyModel.Sentences[i % 4]).Select((v, d) => 3 * v + 0.01f * ((i + d) % 3))],
    })];

    /// <summary>The scores worked out from the definition: softmax of cosine / temperature with the mean prompt of each class.</summary>
    public static double[] Scores(float[] embedding, SwanZeroShotOptions options)
    {
        double[] exponentials = [.. options.Classes.Select(name =>
        {
            float[][] prompts =
                [.. options.PromptTemplates.Select(t => TinyModel.CaptionEmbedding(t.Replace("{0}", name, StringComparison.Ordinal)))];
            double[] mean = [.. Enumerable.Range(0, embedding.Length).Select(d => prompts.Average(p => (double)p[d]))];
            double cosine = embedding.Zip(mean, (a, b) => a * b).Sum()
                / Math.Sqrt(embedding.Sum(v => (double)v * v) * mean.Sum(v => v * v));
            return Math.Exp(cosine / options.Temperature);
        })];
        return [.. exponentials.Select(e => e / exponentials.Sum())];
    }
}
