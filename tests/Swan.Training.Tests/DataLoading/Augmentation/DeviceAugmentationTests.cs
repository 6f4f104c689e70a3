using SkiaSharp;
using Swan.MLNet.Datasets;
using Swan.MLNet.Numerics;
using Swan.Training.DataLoading;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Tests.DataLoading;

/// <summary>The code for GPUs, beside the loader's: the same numbers of chance, so the same images.</summary>
public sealed class DeviceAugmentationTests : IDisposable
{
    private const int Size = 64, Images = 24;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, AugmentationKind> Cases
    {
        get
        {
            var cases = new TheoryData<string, AugmentationKind>();
            foreach (string device in TorchDevices.Names)
            {
                foreach (AugmentationKind kind in Enum.GetValues<AugmentationKind>()) cases.Add(device, kind);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_seed_gives_the_same_images_on_the_device_as_from_the_loader(string device, AugmentationKind kind)
    {
        using var scope = NewDisposeScope();
        TrainingAugmentation augmentation = TrainingAugmentation.Create(kind, Size);
        CaptionedImage[] files = [.. Enumerable.Range(0, Images).Select(i => new CaptionedImage(Write(i), $"{i}.png", null, ["a field"]))];
        using PixelCache pixels = PixelCache.Build(files, augmentation.WorkingSize);
        using var onDevice = new DeviceAugmentation(pixels, augmentation, torch.device(device));
        SampleRandom[] chance = [.. Enumerable.Range(0, Images).Select(i => new SampleRandom(3, 1, i))];
        int[] order = [.. Enumerable.Range(0, Images).Reverse()];

        Tensor actual = onDevice.Apply(order, [.. chance.Select(c => augmentation.Draw(ref c))]).cpu();

        Assert.Equal([Images, 3, Size, Size], actual.shape);
        Assert.Equal([3 * Size * Size, 1, 3 * Size, 3], actual.stride()); // channels last, where convolutions are faster
        var bytes = new byte[Size * Size * 3];
        for (int i = 0; i < Images; i++)
        {
            SampleRandom random = chance[i];
            augmentation.Apply(pixels[order[i]], bytes, ref random);
            Tensor expected = tensor(bytes).view(Size, Size, 3).permute(2, 0, 1).to(ScalarType.Float32);
            Tensor difference = (expected - actual[i]).abs();
            double share = difference.gt(2).to(ScalarType.Float32).mean().item<float>();
            // A nearest neighbor may be the next one where a position lies between two; mixed levels differ by their rounding.
            Assert.True(share <= 0.01, $"image {i}: {share:P1} of the levels differ, by up to {difference.max().item<float>()}");
            Assert.InRange(difference.mean().item<float>(), 0, 0.6);
        }
    }

    [Fact]
    public void Batches_for_the_device_have_the_loaders_order_and_draws_instead_of_pixels()
    {
        (CaptionedImageSet train, _) = TinyData.Open(_folder.File("data"));
        TrainingAugmentation augmentation = TrainingAugmentation.Create(AugmentationKind.Nadir, Size);
        using PixelCache pixels = PixelCache.Build(train.Images, augmentation.WorkingSize);
        TokenizedCaptions captions = TokenizedCaptions.Create(
            train.Captions, new Swan.MLNet.Text.WordCaptionTokenizer(Swan.MLNet.Text.WordVocabulary.Build(train.Captions, 1), 16));
        BatchLoader here = Loader(false), there = Loader(true);

        foreach ((TrainingBatch one, TrainingBatch other) in here.Epoch(1).Zip(there.Epoch(1)))
        {
            using (one)
            using (other)
            {
                Assert.Equal(one.Images, other.Images);
                Assert.Equal(one.Ids, other.Ids);
                Assert.Null(one.Draws);
                var random = new SampleRandom(7, 1, (long)other.Index * other.Count);
                Assert.Equal(augmentation.Draw(ref random), other.Draws![0]);
                Assert.Equal(other.Count, other.Draws.Distinct().Count());
            }
        }

        BatchLoader Loader(bool onDevice) =>
            new(train, pixels, captions, augmentation, new() { BatchSize = 4, Seed = 7, OnDevice = onDevice });
    }

    // Smooth, as photographs are, and no side like another.
    private string Write(int seed)
    {
        string path = _folder.File($"{seed}.png");
        using var bitmap = new SKBitmap(90, 90);
        for (int y = 0; y < 90; y++)
        {
            for (int x = 0; x < 90; x++)
            {
                double wave = Math.Sin((x + seed) / 9.0) + Math.Cos(y / 13.0 + seed);
                bitmap.SetPixel(x, y, new((byte)(60 + x * 2), (byte)(40 + y * 2), (byte)(128 + 50 * wave)));
            }
        }
        using FileStream file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
        return path;
    }
}
