using Swan.MLNet.Datasets;
using Swan.MLNet.Evaluation;
using Swan.Training.DataLoading;
using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>Measures a network on validation images that stay decoded over the run.</summary>
internal sealed class RetrievalValidation(
    CaptionedImageSet set, PixelCache pixels, TokenizedCaptions captions, PixelNormalization normalization)
{
    private const int BatchSize = 64;

    /// <summary>Embeds all images and captions and ranks them. The network's mode is restored afterward.</summary>
    /// <exception cref="SwanTrainingException">An embedding isn't a number.</exception>
    public RetrievalMetrics Measure(SwanNetwork network, CancellationToken cancellationToken)
    {
        bool training = network.training;
        network.eval();
        try
        {
            using IDisposable noGradients = no_grad();
            int width = network.Options.EmbeddingSize;
            float[] images = Images(network, cancellationToken), texts = Captions(network, cancellationToken);
            CheckFinite(images, width, i => $"image '{set.Images[i].FileName}'");
            CheckFinite(texts, width, c => $"caption \"{set.Captions[c]}\"");
            return RetrievalEvaluator.Evaluate(images, texts, width, [.. set.CaptionImage], set.Scenes);
        }
        finally
        {
            network.train(training);
        }
    }

    private static void CheckFinite(float[] embeddings, int width, Func<int, string> name)
    {
        int broken = Array.FindIndex(embeddings, v => !float.IsFinite(v));
        if (broken >= 0) throw new SwanTrainingException($"The embedding of the {name(broken / width)} is not a number");
    }

    private float[] Images(SwanNetwork network, CancellationToken cancellationToken)
    {
        int width = network.Options.EmbeddingSize;
        var embeddings = new float[set.Images.Count * width];
        for (int start = 0; start < set.Images.Count; start += BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            int count = Math.Min(BatchSize, set.Images.Count - start);
            Tensor batch = normalization.Apply(pixels.Range(start, count).ToArray(), count);
            SwanNetwork.Unit(network.EncodeImages(batch)).cpu().data<float>().CopyTo(embeddings.AsSpan(start * width));
        }

        return embeddings;
    }

    private float[] Captions(SwanNetwork network, CancellationToken cancellationToken)
    {
        int width = network.Options.EmbeddingSize;
        var embeddings = new float[captions.Count * width];
        // Captions of one length share a batch: no padding, so that a network whose text tower sees padding measures captions as if alone.
        // Captions repeat, and each different one is embedded once.
        var distinct = Enumerable.Range(0, captions.Count).GroupBy(c => captions.Keys[c]).GroupBy(same => captions[same.First()].Length);
        foreach (var length in distinct)
        {
            foreach (IGrouping<int, int>[] chunk in length.Chunk(4 * BatchSize))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                long[] ids = [.. chunk.SelectMany(same => captions[same.First()].ToArray().Select(id => (long)id))];
                Tensor lengths = full([chunk.Length], length.Key, ScalarType.Int64);
                float[] rows = [.. network
                    .EncodeCaptions(tensor(ids).view(chunk.Length, length.Key).to(network.parameters().First().device), lengths)
                    .cpu()
                    .data<float>()];
                for (int row = 0; row < chunk.Length; row++)
                {
                    foreach (int caption in chunk[row]) rows.AsSpan(row * width, width).CopyTo(embeddings.AsSpan(caption * width));
                }
            }
        }

        return embeddings;
    }
}
