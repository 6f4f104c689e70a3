using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.Text;
using Swan.Training.DataLoading;
using Swan.Training.Losses;
using Swan.Training.Native;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>What a run learns from and is measured on, decoded and tokenized.</summary>
internal sealed class RunMaterial : IDisposable
{
    // The rest is for the network, its gradients and what a step computes.
    private const double ShareOfDevice = 0.25;

    private readonly PixelCache _trainPixels;
    private readonly PixelCache? _validationPixels;

    /// <summary>Decodes all images.</summary>
    /// <exception cref="SwanDataException">Images can't be read.</exception>
    public RunMaterial(
        SwanRun run, CaptionedImageSet train, CaptionedImageSet? validation, Device device, RunReporter reporter,
        CancellationToken cancellation)
    {
        SwanTrainerOptions options = run.Options;
        TrainingAugmentation augmentation = TrainingAugmentation.Create(
            options.Augmentation, options.Network.ImageSize, options.MinCrop);
        ImagePreprocessing preprocessing = run.Preprocessing;
        long memory = (long)options.CacheMegabytes << 20;
        _trainPixels = Decode(train, augmentation.WorkingSize, memory);
        try
        {
            if (validation is not null)
            {
                _validationPixels = Decode(validation, preprocessing.Size,
                    memory - (_trainPixels.InMemory ? (long)_trainPixels.Count * _trainPixels.BytesPerImage : 0));
            }
            Normalization = new PixelNormalization(preprocessing, device);
            if ((long)_trainPixels.Count * _trainPixels.BytesPerImage <= ShareOfDevice * DeviceMemory.Free(device))
            {
                OnDevice = new DeviceAugmentation(_trainPixels, augmentation, device);
                reporter.Say($"The training images are on {device}, which also augments them.");
            }
            Loader = new BatchLoader(train, _trainPixels, Tokenize("training", train), augmentation, new()
            {
                BatchSize = options.BatchSize,
                Pairs = options.Pairs,
                CaptionsPerImage = options.CaptionsPerImage,
                Seed = options.Seed,
                Threads = options.Threads,
                OnDevice = OnDevice is not null,
            });
            if (validation is not null)
            {
                Validation = new RetrievalValidation(
                    validation, _validationPixels!, Tokenize("validation", validation), Normalization);
            }
            string[] scenes = [.. train.Scenes.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
            Scenes = scenes.Length;
            SceneIds =
                [.. train.Scenes.Select(s => s is null ? SceneLoss.NoScene : Array.BinarySearch(scenes, s, StringComparer.Ordinal))];
        }
        catch
        {
            Dispose();
            throw;
        }

        PixelCache Decode(CaptionedImageSet set, int size, long limit) => PixelCache.Build(
            set.Images, size, limit, options.Threads, reporter.Decoding(set.Images.Count), cancellationToken: cancellation);

        TokenizedCaptions Tokenize(string role, CaptionedImageSet set)
        {
            TokenizedCaptions tokenized = TokenizedCaptions.Create(set.Captions, run.Tokenizer);
            if (tokenized.Truncated > 0)
                reporter.Say(CaptionText.DescribeCut(
                    tokenized.Truncated, tokenized.Count, run.Tokenizer.MaxLength, $"The {role} captions"));
            return tokenized;
        }
    }

    /// <summary>Makes the batches.</summary>
    public BatchLoader Loader { get; }

    /// <summary>Measures mR; null where nothing does.</summary>
    public RetrievalValidation? Validation { get; }

    /// <summary>Bytes to what the network takes, on the run's device.</summary>
    public PixelNormalization Normalization { get; }

    /// <summary>Augments on the GPU; null on a CPU, or where the images don't fit into a quarter of the GPU's free memory.</summary>
    public DeviceAugmentation? OnDevice { get; }

    /// <summary>How many scenes the training images have.</summary>
    public int Scenes { get; }

    /// <summary>Each training image's scene, see <see cref="SceneLoss.forward"/>.</summary>
    public long[] SceneIds { get; }

    /// <summary>Which images are learned from, in order.</summary>
    public IReadOnlyList<ImageIdentity> LearnedImages => _trainPixels.Identities;

    /// <summary>Which images mR is measured on, in order; null where nothing is.</summary>
    public IReadOnlyList<ImageIdentity>? MeasuredImages => _validationPixels?.Identities;

    // Any of these may be null when the constructor has failed.
    public void Dispose()
    {
        Normalization?.Dispose();
        OnDevice?.Dispose();
        _trainPixels.Dispose();
        _validationPixels?.Dispose();
    }
}
