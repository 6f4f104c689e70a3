using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Export;

/// <summary>Runs the same images and captions through the network and through the exported graphs.</summary>
internal static class ExportVerification
{
    private const int Images = 6, Captions = 24, Seed = 1;

    /// <summary>How well the unit embeddings of both towers agree.</summary>
    /// <param name="network">As trained.</param>
    /// <param name="file">As exported.</param>
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
            agreement.Add(
                trained.AsSpan(i * model.EmbeddingSize, model.EmbeddingSize), served.AsSpan(i * model.EmbeddingSize, model.EmbeddingSize));
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
            agreement.Add(Values(trained), served.AsSpan(i * model.EmbeddingSize, model.EmbeddingSize));
        }
    }

    private static float[] Values(Tensor embeddings) => embeddings.cpu().contiguous().data<float>().ToArray();
}
