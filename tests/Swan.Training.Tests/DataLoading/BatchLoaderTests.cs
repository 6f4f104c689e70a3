using Swan.MLNet.Datasets;
using Swan.MLNet.Text;
using Swan.Training.DataLoading;

namespace Swan.Training.Tests.DataLoading;

public sealed class BatchLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CaptionedImageSet _set;
    private readonly TokenizedCaptions _captions;
    private readonly List<PixelCache> _caches = [];

    public BatchLoaderTests()
    {
        (_set, _) = TinyData.Open(_folder.File("data"), train: 11, validation: 1);
        _captions = TokenizedCaptions.Create(_set.Captions, new WordCaptionTokenizer(WordVocabulary.Build(_set.Captions, 1)));
    }

    public void Dispose()
    {
        _caches.ForEach(c => c.Dispose());
        _folder.Dispose();
    }

    [Theory]
    [InlineData(AugmentationKind.Paper, PairsPerEpoch.AllCaptions)]
    [InlineData(AugmentationKind.Nadir, PairsPerEpoch.OneCaptionPerImage)]
    public void Batches_are_the_same_whatever_the_threads_and_when_resumed_in_mid_epoch(AugmentationKind augmentation, PairsPerEpoch pairs)
    {
        BatchLoaderOptions options = new() { BatchSize = 4, Pairs = pairs, Seed = 3, Threads = 1, Ahead = 1 };
        string[] one = Contents(Loader(options, augmentation), epoch: 2);
        Assert.Equal(one.Length, one.Distinct().Count());
        Assert.Equal(one, Contents(Loader(options with { Threads = 4, Ahead = 8 }, augmentation), epoch: 2));
        Assert.Equal(one[1..], Contents(Loader(options with { Threads = 0 }, augmentation), epoch: 2, firstBatch: 1));
        Assert.Empty(Contents(Loader(options, augmentation), epoch: 2, firstBatch: one.Length));

        Assert.NotEqual(one, Contents(Loader(options, augmentation), epoch: 1));
        Assert.NotEqual(one, Contents(Loader(options with { Seed = 4 }, augmentation), epoch: 2));
    }

    [Fact]
    public void An_epoch_of_all_captions_shows_each_once_with_its_image()
    {
        BatchLoader loader = Loader(new() { BatchSize = 3 });
        Assert.Equal((33, 3, 11), (loader.Pairs, loader.BatchSize, loader.BatchesPerEpoch));
        var shown = new List<int>();
        foreach (TrainingBatch batch in loader.Epoch(0, cancellationToken: TestContext.Current.CancellationToken))
        {
            using (batch)
            {
                shown.AddRange(batch.Captions);
                for (int pair = 0; pair < batch.Count; pair++)
                {
                    Assert.Equal(_set.CaptionImage[batch.Captions[pair]], batch.Images[pair]);
                    Assert.Equal(_captions.Keys[batch.Captions[pair]], batch.CaptionKeys[pair]);
                    int[] ids = _captions[batch.Captions[pair]].ToArray();
                    Assert.Equal(ids.Length, batch.Lengths[pair]);
                    Assert.Equal(ids.Select(i => (long)i).Concat(new long[batch.Length - ids.Length]),
                        batch.Ids.Skip(pair * batch.Length).Take(batch.Length));
                }

                Assert.Equal(batch.Lengths.Max(), batch.Length);
            }
        }

        Assert.Equal(Enumerable.Range(0, 33), shown.Order());
        Assert.NotEqual(Enumerable.Range(0, 33), shown);
    }

    [Fact]
    public void An_epoch_of_images_shows_each_once_with_captions_that_change_from_epoch_to_epoch()
    {
        BatchLoader loader = Loader(new() { BatchSize = 11, Pairs = PairsPerEpoch.OneCaptionPerImage });
        var captions = new HashSet<int>();
        for (int epoch = 0; epoch < 30; epoch++)
        {
            using TrainingBatch batch = Assert.Single(loader.Epoch(epoch, cancellationToken: TestContext.Current.CancellationToken));
            Assert.Equal(Enumerable.Range(0, 11), batch.Images.Order());
            captions.UnionWith(batch.Captions);
        }

        Assert.Equal(33, captions.Count); // in thirty epochs each of three captions was certainly drawn
    }

    [Fact]
    public void An_image_comes_with_several_captions_and_with_all_in_turn()
    {
        BatchLoaderOptions options = new() { BatchSize = 5, Pairs = PairsPerEpoch.OneCaptionPerImage, CaptionsPerImage = 2 };
        BatchLoader loader = Loader(options, AugmentationKind.Nadir);
        Assert.Equal((11, 5, 2), (loader.Pairs, loader.BatchSize, loader.BatchesPerEpoch));
        var shown = new HashSet<int>();
        for (int epoch = 0; epoch < 20; epoch++)
        {
            foreach (TrainingBatch batch in loader.Epoch(epoch, cancellationToken: TestContext.Current.CancellationToken))
            {
                using (batch)
                {
                    Assert.Equal((5, 10, 10), (batch.Count, batch.Pairs, batch.Captions.Length));
                    Assert.Equal(5 * 64 * 64 * 3, batch.Pixels.Length);
                    for (int pair = 0; pair < batch.Pairs; pair++)
                    {
                        int caption = batch.Captions[pair];
                        Assert.Equal(_set.CaptionImage[caption], batch.Images[pair]);
                        Assert.Equal(batch.Images[pair % 5], batch.Images[pair]);
                        IEnumerable<long> ids = batch.Ids.Skip(pair * batch.Length).Take((int)batch.Lengths[pair]);
                        Assert.Equal(_captions[caption].ToArray().Select(i => (long)i), ids);
                    }

                    for (int image = 0; image < 5; image++) Assert.NotEqual(batch.CaptionKeys[image], batch.CaptionKeys[image + 5]);
                    shown.UnionWith(batch.Captions);
                }
            }
        }

        Assert.Equal(33, shown.Count);
    }

    [Fact]
    public void An_image_with_too_few_different_captions_repeats_them()
    {
        BatchLoader loader = Loader(new() { BatchSize = 11, Pairs = PairsPerEpoch.OneCaptionPerImage, CaptionsPerImage = 4 });
        using TrainingBatch batch = Assert.Single(loader.Epoch(0, cancellationToken: TestContext.Current.CancellationToken));
        for (int image = 0; image < 11; image++)
        {
            int[] captions = [.. Enumerable.Range(0, 4).Select(i => batch.Captions[i * 11 + image])];
            Assert.Equal(3, captions.Distinct().Count());
            Assert.Equal(captions[0], captions[3]);
        }
    }

    [Fact]
    public void Pairs_that_fill_no_batch_wait_for_another_epoch_unless_there_is_no_full_one()
    {
        Assert.Equal(2, Contents(Loader(new() { BatchSize = 13 }), 0).Length);
        BatchLoader large = Loader(new() { BatchSize = 100 });
        Assert.Equal((33, 1), (large.BatchSize, large.BatchesPerEpoch));
    }

    [Fact]
    public void Without_augmentation_the_pixels_are_the_images_own()
    {
        BatchLoader loader = Loader(new() { BatchSize = 11, Pairs = PairsPerEpoch.OneCaptionPerImage }, AugmentationKind.None);
        using TrainingBatch batch = Assert.Single(loader.Epoch(0, cancellationToken: TestContext.Current.CancellationToken));
        int bytes = 64 * 64 * 3;
        for (int pair = 0; pair < batch.Count; pair++)
            Assert.True(_caches[^1][batch.Images[pair]].SequenceEqual(batch.Pixels.Span.Slice(pair * bytes, bytes)));
    }

    [Fact]
    public void An_epoch_left_early_or_canceled_stops_loading_and_the_next_one_is_whole()
    {
        BatchLoader loader = Loader(new() { BatchSize = 2, Ahead = 1 });
        foreach (TrainingBatch batch in loader.Epoch(0, cancellationToken: TestContext.Current.CancellationToken))
        {
            batch.Dispose();
            break;
        }

        using var stop = new CancellationTokenSource();
        int taken = 0;
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (TrainingBatch batch in loader.Epoch(0, cancellationToken: stop.Token))
            {
                batch.Dispose();
                if (++taken == 3) stop.Cancel();
            }
        });
        Assert.Equal(3, taken);
        Assert.Equal(16, Contents(loader, 0).Length);
    }

    [Fact]
    public void Parts_that_do_not_belong_together_are_refused()
    {
        using PixelCache small = PixelCache.Build(_set.Images, 32, cancellationToken: TestContext.Current.CancellationToken);
        using PixelCache fewer = PixelCache.Build([.. _set.Images.Take(3)], 64, cancellationToken: TestContext.Current.CancellationToken);
        TrainingAugmentation none = TrainingAugmentation.Create(AugmentationKind.None, 64);
        Assert.Contains("32 pixels", Assert.Throws<ArgumentException>(() => new BatchLoader(_set, small, _captions, none, new())).Message,
            StringComparison.Ordinal);
        Assert.Contains("3 images", Assert.Throws<ArgumentException>(() => new BatchLoader(_set, fewer, _captions, none, new())).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Loader(new() { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loader(new() { Ahead = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loader(new() { CaptionsPerImage = 0 }));
        string several = Assert.Throws<ArgumentException>(() => Loader(new() { CaptionsPerImage = 2 })).Message;
        Assert.Contains("CaptionsPerImage is 2, but an epoch of AllCaptions", several, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Loader(new()).Epoch(-1, 0, TestContext.Current.CancellationToken));
    }

    private BatchLoader Loader(BatchLoaderOptions options, AugmentationKind kind = AugmentationKind.Paper)
    {
        TrainingAugmentation augmentation = TrainingAugmentation.Create(kind, 64);
        _caches.Add(PixelCache.Build(_set.Images, augmentation.WorkingSize));
        return new BatchLoader(_set, _caches[^1], _captions, augmentation, options);
    }

    /// <summary>Everything that a step sees of each batch.</summary>
    private static string[] Contents(BatchLoader loader, int epoch, int firstBatch = 0)
    {
        var contents = new List<string>();
        foreach (TrainingBatch batch in loader.Epoch(epoch, firstBatch, TestContext.Current.CancellationToken))
        {
            using (batch)
            {
                Assert.Equal((epoch, firstBatch + contents.Count), (batch.Epoch, batch.Index));
                contents.Add(
                    $"{string.Join(',', batch.Ids)} {string.Join(',', batch.Lengths)} {string.Join(',', batch.Images)} "
                    + $"{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(batch.Pixels.Span))}");
            }
        }

        return [.. contents];
    }
}
