using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Evaluation;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Text;

namespace Swan.Training.Export;

/// <summary>Recall of a model that is compressed or decodes scaled, and of the same model without either.</summary>
/// <param name="Full">mR in float32, of images decoded in full, in percent.</param>
/// <param name="Exported">mR of the model that is exported.</param>
/// <param name="Agreement">How well their unit embeddings of both towers agree.</param>
internal sealed record RecallComparison(double Full, double Exported, EmbeddingAgreement Agreement)
{
    private const int Images = 8, Captions = 64;

    /// <summary>How many points of mR the exported model has lost; below 0 where it gained some.</summary>
    public double Loss => Full - Exported;

    /// <summary>Embeds a set with both models.</summary>
    /// <exception cref="MLNet.Imaging.SwanImageException">An image can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static RecallComparison Measure(
        SwanModelFile full, SwanModelFile exported, CaptionedImageSet set, CancellationToken cancellation)
    {
        (float[] images, float[] captions) = Embed(full, set, cancellation);
        (float[] otherImages, float[] otherCaptions) = Embed(exported, set, cancellation);
        int size = full.Card.EmbeddingSize;
        var agreement = new EmbeddingAgreement();
        foreach ((float[] expected, float[] found) in ((float[], float[])[])[(images, otherImages), (captions, otherCaptions)])
        {
            for (int i = 0; i < expected.Length; i += size) agreement.Add(expected.AsSpan(i, size), found.AsSpan(i, size));
        }
        return new(MeanRecall(images, captions), MeanRecall(otherImages, otherCaptions), agreement);

        double MeanRecall(float[] images, float[] captions) =>
            RetrievalEvaluator.Evaluate(images, captions, size, [.. set.CaptionImage], cancellationToken: cancellation).MeanRecall;
    }

    private static (float[] Images, float[] Captions) Embed(SwanModelFile file, CaptionedImageSet set, CancellationToken cancellation)
    {
        using SwanModel model = SwanModel.Open(file, new SwanModelOptions { Device = SwanDevice.Cpu });
        TokenizedCaption[] captions = [.. set.Captions.Select(model.Tokenizer.Tokenize)];
        return (
            model.EmbedImages([.. set.Images.Select(i => i.ImagePath)], Images, progress: null, cancellation),
            model.EmbedCaptions(captions, Captions, progress: null, cancellation));
    }
}
