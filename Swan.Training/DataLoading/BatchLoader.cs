using System.Collections.Concurrent;
using Swan.MLNet.Datasets;
using Swan.MLNet.Numerics;
using Swan.MLNet.Scheduling;

namespace Swan.Training.DataLoading;

/// <summary>Makes the batches of an epoch, augmented in parallel and ahead of the training step.</summary>
/// <remarks>
/// The order, the captions and the augmentation depend only on (seed, epoch, position): the batches don't depend on the number of
/// threads, and an epoch can be resumed at any batch. Pairs that don't fill a last batch are left out of that epoch, unless it has no
/// full one. One loader serves one epoch at a time.
/// </remarks>
internal sealed class BatchLoader
{
    // Tells the generators of one epoch apart: samples count up from 0, the order uses a position that no sample has.
    private const long OrderStream = -1, CaptionStream = -2;
    private readonly PixelCache _pixels;
    private readonly TokenizedCaptions _captions;
    private readonly TrainingAugmentation _augmentation;
    private readonly BatchLoaderOptions _options;
    private readonly int[] _captionImage;
    private readonly int[] _firstCaption;

    /// <summary>Makes a loader.</summary>
    /// <param name="set">The training images and captions.</param>
    /// <param name="pixels">The set's images at <see cref="TrainingAugmentation.WorkingSize"/>.</param>
    /// <param name="captions">The set's captions as ids.</param>
    /// <param name="augmentation">What happens to each image.</param>
    /// <param name="options">Batch size, order and threads.</param>
    /// <exception cref="ArgumentException">The parts don't belong together, or an option is out of range.</exception>
    public BatchLoader(
        CaptionedImageSet set, PixelCache pixels, TokenizedCaptions captions, TrainingAugmentation augmentation, BatchLoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(captions);
        ArgumentNullException.ThrowIfNull(augmentation);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Ahead, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CaptionsPerImage, 1, nameof(options));
        if (options.CaptionsPerImage > 1 && options.Pairs == PairsPerEpoch.AllCaptions)
        {
            throw new ArgumentException(
                $"CaptionsPerImage is {options.CaptionsPerImage}, but an epoch of {PairsPerEpoch.AllCaptions} shows an image with one "
                + $"caption at a time; only {PairsPerEpoch.OneCaptionPerImage} shows several.", nameof(options));
        }
        if (pixels.Count != set.Images.Count || captions.Count != set.Captions.Count)
        {
            throw new ArgumentException(
                $"The set has {set.Images.Count} images and {set.Captions.Count} captions, "
                + $"but {pixels.Count} images and {captions.Count} captions were prepared.");
        }
        if (pixels.Size != augmentation.WorkingSize)
        {
            throw new ArgumentException(
                $"Images were prepared at {pixels.Size} pixels, but the augmentation needs {augmentation.WorkingSize}.", nameof(pixels));
        }
        if (!set.CaptionImage.SequenceEqual(set.CaptionImage.Order()))
            throw new ArgumentException("The set's captions are not listed image by image.", nameof(set));
        (_pixels, _captions, _augmentation, _options) = (pixels, captions, augmentation, options);
        _captionImage = [.. set.CaptionImage];
        _firstCaption = FirstCaptions(_captionImage, set.Images.Count);
        Pairs = options.Pairs == PairsPerEpoch.AllCaptions ? _captionImage.Length : CaptionedImages();
        BatchSize = Math.Min(options.BatchSize, Pairs);
        if (Pairs == 0)
            throw new SwanDataException([new DataFault(set.Name, 0, "the training set has no captions: there is nothing to learn from.")]);
    }

    /// <summary>Pairs of an epoch. An image with several captions at once counts as one.</summary>
    public int Pairs { get; }

    /// <summary>Pairs of a batch, counted as in <see cref="Pairs"/>: as asked for, or all when there are fewer.</summary>
    public int BatchSize { get; }

    /// <summary>Batches of an epoch.</summary>
    public int BatchesPerEpoch => Pairs / BatchSize;

    /// <summary>The batches of one epoch, in order. Dispose of each after use.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="firstBatch">Where to start: 0, or where a resumed run goes on.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <remarks>
    /// Blocks the caller while no batch is ready: a training step stays on one thread, because libtorch keeps a team of workers for each
    /// that calls it.
    /// </remarks>
    public IEnumerable<TrainingBatch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        return EpochCore(epoch, firstBatch, cancellationToken);
    }

    private IEnumerable<TrainingBatch> EpochCore(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var ahead = new BlockingCollection<TrainingBatch>(_options.Ahead);
        Task producer = Task.Run(() => Produce(epoch, firstBatch, ahead, stop.Token), CancellationToken.None);
        try
        {
            foreach (TrainingBatch batch in ahead.GetConsumingEnumerable(cancellationToken))
                yield return batch;
            // Loading has ended. If it ended early, its exception is thrown to the consumer of the batches.
            producer.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            ((IAsyncResult)producer).AsyncWaitHandle.WaitOne();
            while (ahead.TryTake(out TrainingBatch? unused))
                unused.Dispose();
        }
    }

    private void Produce(int epoch, int firstBatch, BlockingCollection<TrainingBatch> ahead, CancellationToken cancellationToken)
    {
        try
        {
            int[][] order = Order(epoch);
            var parallel = new ParallelOptions
            {
                MaxDegreeOfParallelism = _options.Threads == 0 ? -1 : _options.Threads,
                CancellationToken = cancellationToken,
            };
            for (int index = firstBatch; index < BatchesPerEpoch; index++)
            {
                TrainingBatch batch = Make(epoch, index, order.AsSpan(index * BatchSize, BatchSize));
                try
                {
                    if (_options.OnDevice) batch.Draws = [.. Enumerable.Range(0, batch.Count).Select(image => Draw(batch, image))];
                    else ParallelWork.Run(() => Parallel.For(0, batch.Count, parallel, image => Augment(batch, image)));
                    ahead.Add(batch, cancellationToken);
                }
                catch
                {
                    batch.Dispose();
                    throw;
                }
            }
        }
        finally
        {
            ahead.CompleteAdding();
        }
    }

    private TrainingBatch Make(int epoch, int index, ReadOnlySpan<int[]> captions)
    {
        int length = 1;
        foreach (int[] ofImage in captions)
        {
            foreach (int caption in ofImage)
                length = Math.Max(length, _captions[caption].Length);
        }
        var batch = new TrainingBatch(epoch, index, captions.Length, _augmentation.ImageSize, length, _options.CaptionsPerImage);
        Array.Fill(batch.Ids, _captions.PaddingId);
        for (int pair = 0; pair < batch.Pairs; pair++)
        {
            int caption = captions[pair % captions.Length][pair / captions.Length];
            ReadOnlySpan<int> ids = _captions[caption];
            for (int token = 0; token < ids.Length; token++)
                batch.Ids[pair * length + token] = ids[token];
            batch.Lengths[pair] = ids.Length;
            batch.Captions[pair] = caption;
            batch.Images[pair] = _captionImage[caption];
            batch.CaptionKeys[pair] = _captions.Keys[caption];
        }
        return batch;
    }

    private void Augment(TrainingBatch batch, int image)
    {
        SampleRandom random = RandomOf(batch, image);
        int bytes = batch.ImageSize * batch.ImageSize * 3;
        _augmentation.Apply(_pixels[batch.Images[image]], batch.PixelBuffer.AsSpan(image * bytes, bytes), ref random);
    }

    private AugmentationDraw Draw(TrainingBatch batch, int image)
    {
        SampleRandom random = RandomOf(batch, image);
        return _augmentation.Draw(ref random);
    }

    private SampleRandom RandomOf(TrainingBatch batch, int image) =>
        new(_options.Seed, batch.Epoch, (long)batch.Index * BatchSize + image);

    /// <summary>The epoch's captions in the order in which they are shown, those of one image together.</summary>
    private int[][] Order(int epoch)
    {
        int[][] shown = _options.Pairs == PairsPerEpoch.AllCaptions
            ? [.. Enumerable.Range(0, _captionImage.Length).Select(caption => (int[])[caption])]
            : EachImage(epoch);
        int[] order = [.. Enumerable.Range(0, shown.Length)];
        new SampleRandom(_options.Seed, epoch, OrderStream).Shuffle(order);
        return Array.ConvertAll(order, i => shown[i]);
    }

    private int[][] EachImage(int epoch)
    {
        var random = new SampleRandom(_options.Seed, epoch, CaptionStream);
        var chosen = new List<int[]>(Pairs);
        for (int image = 0; image + 1 < _firstCaption.Length; image++)
        {
            if (_firstCaption[image + 1] > _firstCaption[image])
                chosen.Add(CaptionsOf(image, ref random));
        }
        return [.. chosen];
    }

    /// <summary>
    /// As many of an image's captions as asked for, different ones as far as it has them. A caption that it has more than once is
    /// chosen more often.
    /// </summary>
    private int[] CaptionsOf(int image, ref SampleRandom random)
    {
        int first = _firstCaption[image], captions = _firstCaption[image + 1] - first;
        if (_options.CaptionsPerImage == 1) return [first + random.NextInt(captions)];
        int[] all = [.. Enumerable.Range(first, captions)];
        random.Shuffle(all);
        int[] different = [.. all.DistinctBy(caption => _captions.Keys[caption])];
        return [.. Enumerable.Range(0, _options.CaptionsPerImage).Select(i => different[i % different.Length])];
    }

    private int CaptionedImages()
    {
        int count = 0;
        for (int image = 0; image + 1 < _firstCaption.Length; image++)
            count += _firstCaption[image + 1] > _firstCaption[image] ? 1 : 0;
        return count;
    }

    /// <summary>Image i has captions first[i] to first[i+1] − 1: a set lists the captions image by image.</summary>
    private static int[] FirstCaptions(int[] captionImage, int images)
    {
        var first = new int[images + 1];
        foreach (int image in captionImage)
            first[image + 1]++;
        for (int image = 0; image < images; image++)
            first[image + 1] += first[image];
        return first;
    }
}
