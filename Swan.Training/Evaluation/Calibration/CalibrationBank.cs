using System.Buffers.Binary;
using System.Security.Cryptography;
using Swan.MLNet;
using Swan.MLNet.Calibration;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;
using Swan.Training.DataLoading;
using static System.FormattableString;

namespace Swan.Training.Evaluation;

/// <summary>Images that are drawn from a set, for queries to be compared with.</summary>
internal sealed class CalibrationBank
{
    private const int NoEpoch = -2;

    // Three quarters of an entry: base64 takes a third more, and words need some room.
    private const int MostBytes = 700_000;

    private readonly CaptionedImage[] _images;
    private readonly IReadOnlyList<ImageIdentity> _identities;

    /// <summary>Draws images.</summary>
    /// <param name="set">All there are.</param>
    /// <param name="embeddingSize">D: a model file has room for so many bytes.</param>
    /// <param name="options">How many, and the seed.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="SwanDataException">There are too few.</exception>
    /// <exception cref="SwanImageException">An image can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public CalibrationBank(CaptionedImageSet set, int embeddingSize, SwanCalibrationOptions options, CancellationToken cancellation)
    {
        int[] drawn = [.. Enumerable.Range(0, set.Images.Count)];
        new SampleRandom(options.Seed, NoEpoch, 0).Shuffle(drawn);
        _images = [.. drawn.Take(Math.Min(options.BankImages, MostBytes / embeddingSize)).Order().Select(i => set.Images[i])];
        if (_images.Length < SwanCalibrationOptions.MinBank)
        {
            throw new SwanDataException([new DataFault(set.Name, 0,
                Invariant($"it has {_images.Length} images for the bank; expected at least {SwanCalibrationOptions.MinBank}, because a ")
                + "query's scores are compared with theirs.")]);
        }
        _identities = ImageIdentities.Read(new CaptionedImageSet(_images, set.Name), cancellation);
        Scenes = [.. _images.Select(i => SceneKey.OfAny(i.Scene))];
        Digest = DigestOf(_identities);
    }

    /// <summary>Each image's <see cref="SceneKey"/>; null where it has none.</summary>
    public IReadOnlyList<string?> Scenes { get; }

    /// <summary>As <see cref="SwanCalibrationOrigin.BankDigest"/> has it.</summary>
    public string Digest { get; }

    /// <summary>Refuses a set whose images are in the bank.</summary>
    /// <param name="set">Its name.</param>
    /// <param name="images">Its images.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="SwanMismatchException">Too many are.</exception>
    public void Refuse(string set, IReadOnlyList<ImageIdentity> images, CancellationToken cancellation)
    {
        ImageOverlap both = new ImageIdentitySet(images).IntersectWith(_identities, cancellation);
        if (!LearnedImageChecks.AreTooMany(both, _images.Length, images.Count)) return;
        throw new SwanMismatchException(
            Invariant($"{both.Count:N0} of the bank's {_images.Length:N0} images are also in '{set}' ({both}), so the bank would ")
            + "contain the right answers. Give other images for the bank, such as those that the model was trained on.");
    }

    /// <summary>Embeds the images.</summary>
    /// <exception cref="SwanImageException">An image can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public ImageBank Embed(SwanModel model, IProgress<int>? progress, CancellationToken cancellation)
    {
        float[] embeddings = model.EmbedImages(
            [.. _images.Select(i => i.ImagePath)], progress: progress, cancellationToken: cancellation);
        return ImageBank.Decode(ImageBank.Encode(embeddings, model.EmbeddingSize), model.EmbeddingSize)!;
    }

    private static string DigestOf(IReadOnlyList<ImageIdentity> images)
    {
        byte[] hashes = new byte[images.Count * sizeof(ulong)];
        int at = 0;
        foreach (ulong hash in images.Select(i => i.ContentHash).Order())
        {
            BinaryPrimitives.WriteUInt64BigEndian(hashes.AsSpan(at), hash);
            at += sizeof(ulong);
        }
        return Convert.ToHexStringLower(SHA256.HashData(hashes));
    }
}
