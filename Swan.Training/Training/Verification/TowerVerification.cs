using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.Training.Network;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Swan.Training;

/// <summary>Runs the same images and captions through the network and through the graphs of a model file.</summary>
internal static class TowerVerification
{
    private const int Images = 6, Captions = 24, Seed = 1;

    /// <summary>How well the unit embeddings of both towers agree.</summary>
    /// <param name="network">In evaluation mode.</param>
    /// <param name="file">Exported from it, or read back into it. The value that normalization adds is left out.</param>
    /// <param name="trainedIds">What the file's token ids were in training; null where they are the same.</param>
    /// <param name="cancellation">Stops between encoder runs.</param>
    public static EmbeddingAgreement Measure(
        SwanNetwork network, SwanModelFile file, IReadOnlyList<int>? trainedIds, CancellationToken cancellation)
    {
        var agreement = new EmbeddingAgreement();
        using SwanModel model = SwanModel.Open(file, new SwanModelOptions { Device = SwanDevice.Cpu });
        var random = new Random(Seed);
        MeasureImages(network, model, random, agreement, cancellation);
        MeasureCaptions(network, model, trainedIds, random, agreement, cancellation);
        return agreement;
    }

    private static void MeasureImages(
        SwanNetwork network, SwanModel model, Random random, EmbeddingAgreement agreement, CancellationToken cancellation)
    {
        // Noise over a color: some images are almost flat, some are all noise.
        int bytes = model.Card.Image.ByteCount;
        var pixels = new byte[Images * bytes];
        for (int i = 0; i < pixels.Length; i++)
        {
            int image = i / bytes, color = 40 * (image + i % 3 + 1) % 256;
            pixels[i] = (byte)((color * (Images - image) + random.Next(256) * image) / Images);
        }

        var served = new float[Images * model.EmbeddingSize];
        model.ImageEncoder.Encode(pixels, Images, served, cancellation);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        Device device = network.parameters().First().device;
        using var normalization = new PixelNormalization(model.Card.Image, device);
        float[] trained = Values(SwanNetwork.Unit(network.EncodeImages(normalization.Apply(pixels, Images))));
        for (int i = 0; i < Images; i++)
        {
            int width = network.Options.EmbeddingSize;
            agreement.Add(trained.AsSpan(i * width, width), Served(served, i, model, network));
        }
    }

    private static void MeasureCaptions(
        SwanNetwork network, SwanModel model, IReadOnlyList<int>? trainedIds, Random random, EmbeddingAgreement agreement,
        CancellationToken cancellation)
    {
        TextContract contract = model.Card.Text;
        // The short lengths one by one, where attention and joint units have their corners, then up to the longest.
        long[][] captions = [.. Enumerable.Range(0, Captions).Select(i =>
        {
            int length = i < Captions / 2
                ? Math.Min(i + 1, contract.MaxLength)
                : contract.MaxLength - random.Next(contract.MaxLength) * (Captions - 1 - i) / Captions;
            return Enumerable.Range(0, length).Select(_ => (long)random.Next(contract.VocabularySize)).ToArray();
        })];
        var served = new float[Captions * model.EmbeddingSize];
        model.CaptionEncoder.Encode(
            [.. captions.Select(c => new MLNet.Text.TokenizedCaption(Array.ConvertAll(c, id => (int)id), false))], served, cancellation);

        using IDisposable noGradients = no_grad();
        Device device = network.parameters().First().device;
        for (int i = 0; i < Captions; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            int length = Math.Max(captions[i].Length, contract.PaddedLength); // 0 where padding is masked
            long[] ids = [.. captions[i], .. Enumerable.Repeat((long)model.Tokenizer.PaddingId, length - captions[i].Length)];
            if (trainedIds is not null) ids = Array.ConvertAll(ids, id => (long)trainedIds[(int)id]);
            Tensor trained = network.EncodeCaptions(tensor(ids).view(1, length).to(device), tensor(new[] { (long)captions[i].Length }));
            agreement.Add(Values(trained), Served(served, i, model, network));
        }
    }

    // A normalized model's vectors without their last value are the plain ones, but shorter.
    private static ReadOnlySpan<float> Served(float[] served, int row, SwanModel model, SwanNetwork network)
    {
        Span<float> plain = served.AsSpan(row * model.EmbeddingSize, network.Options.EmbeddingSize);
        if (plain.Length < model.EmbeddingSize) TensorPrimitives.Divide(plain, TensorPrimitives.Norm(plain), plain);
        return plain;
    }

    private static float[] Values(Tensor embeddings) => embeddings.cpu().contiguous().data<float>().ToArray();
}
