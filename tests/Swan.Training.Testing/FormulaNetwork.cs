using SkiaSharp;
using Swan.MLNet.ModelFiles;
using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training.Testing;

/// <summary>The network of the golden values: the paper's shape with formula weights.</summary>
internal static class FormulaNetwork
{
    public static readonly SwanNetworkOptions Reference = new() { Variant = SwanVariant.Reference };

    public static SwanNetwork Create(SwanNetworkOptions options)
    {
        SwanNetwork network = SwanNetwork.Create(options);
        Fill(network);
        network.eval();
        return network;
    }

    public static void Fill(SwanNetwork network)
    {
        using IDisposable _ = no_grad();
        foreach ((string name, Tensor value) in network.state_dict())
        {
            if (name.EndsWith("num_batches_tracked", StringComparison.Ordinal)) continue;
            using Tensor formula = tensor(FormulaWeights.Tensor(name, value.shape)).view(value.shape);
            value.copy_(formula);
        }
    }

    /// <summary>The images of the golden forward pass. The last two are photographs, which the project doesn't carry.</summary>
    public static Tensor Images(bool photographs)
    {
        IEnumerable<byte[]> images = [FormulaWeights.Image("image0"), FormulaWeights.Image("image1")];
        return Normalized(
            photographs ? images.Concat([Photograph("airport_1.resized256.png"), Photograph("river_1.resized256.png")]) : images);
    }

    /// <summary>The images of the golden training steps.</summary>
    public static Tensor TrainingImages() => Normalized(Enumerable.Range(0, 4).Select(i => FormulaWeights.Image($"train{i}")));

    private static Tensor Normalized(IEnumerable<byte[]> images)
    {
        using Tensor mean = tensor(new float[] { 0.485f, 0.456f, 0.406f });
        using Tensor deviation = tensor(new float[] { 0.229f, 0.224f, 0.225f });
        return stack(images.Select(i => tensor(i).view(256, 256, 3))).to(ScalarType.Float32).div(255).sub(mean).div(deviation)
            .permute(0, 3, 1, 2).contiguous();
    }

    public static (Tensor Ids, Tensor Lengths) Captions(IReadOnlyList<long[]> captions)
    {
        int longest = captions.Max(c => c.Length);
        long[] ids = [.. captions.SelectMany(c => c.Concat(Enumerable.Repeat(0L, longest - c.Length)))];
        return (tensor(ids).view(captions.Count, longest), tensor(captions.Select(c => (long)c.Length).ToArray()));
    }

    private static byte[] Photograph(string file)
    {
        using SKBitmap bitmap = SKBitmap.Decode(SharedFolder.Golden(file));
        return [.. bitmap.Pixels.SelectMany(p => new[] { p.Red, p.Green, p.Blue })];
    }
}
