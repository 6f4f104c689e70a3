using CsCheck;
using Swan.MLNet.Evaluation;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Tests.Evaluation;

public sealed class RetrievalEvaluatorTests
{
    // Eighths in [-1, 1]: few different values, so ties abound, and sums of them are exact.
    private static readonly Gen<float> Coarse = Gen.Int[-8, 8].Select(i => i / 8f);

    private static readonly Gen<(int[] CaptionImage, string?[]? Scenes)> Sets =
        from images in Gen.Int[1, 14]
        from extra in Gen.Int[0, images - 1].Array[0, 30]
        from order in Gen.Int[0, int.MaxValue]
        from scenes in Gen.OneOf(Gen.Const((string?[]?)null), Gen.OneOf("port", "farm", "river", null, null).Array[images])
        select (Shuffled([.. Enumerable.Range(0, images), .. extra], order), scenes);

    [Fact]
    public void Every_matrix_is_measured_as_the_definitions_say_with_ties_uneven_captions_and_missing_scenes() =>
        (from set in Sets
         from matrix in Coarse.Array[(set.CaptionImage.Max() + 1) * set.CaptionImage.Length]
         select (set, matrix)).Sample(sample =>
        {
            (int[] captionImage, string?[]? scenes) = sample.set;
            int images = captionImage.Max() + 1;
            var expected = new float[images, captionImage.Length];
            Buffer.BlockCopy(sample.matrix, 0, expected, 0, sample.matrix.Length * sizeof(float));
            Same(RetrievalOracle.Evaluate(expected, captionImage, scenes), Evaluate(sample.matrix, images, captionImage, scenes));
        }, iter: 2000);

    [Fact]
    public void Embeddings_are_measured_as_the_matrix_of_their_products() =>
        (from set in Sets
         from dimension in Gen.Int[1, 37]
         from images in Coarse.Array[(set.CaptionImage.Max() + 1) * dimension]
         from captions in Coarse.Array[set.CaptionImage.Length * dimension]
         select (set, dimension, images, captions)).Sample(sample =>
        {
            (int[] captionImage, string?[]? scenes) = sample.set;
            int d = sample.dimension, images = captionImage.Max() + 1;
            var products = new float[images, captionImage.Length];
            for (int i = 0; i < images; i++)
            {
                for (int c = 0; c < captionImage.Length; c++)
                    products[i, c] = Enumerable.Range(0, d).Sum(j => sample.images[i * d + j] * sample.captions[c * d + j]);
            }
            RetrievalMetrics expected = RetrievalOracle.Evaluate(products, captionImage, scenes);
            Same(expected, RetrievalEvaluator.Evaluate(
                sample.images, sample.captions, d, captionImage, scenes, TestContext.Current.CancellationToken));
            // As read from data views, in blocks of few rows.
            Same(expected, RetrievalEvaluator.Evaluate(
                new EmbeddedImages(Blocks(sample.images, d, rowsPerBlock: 3), [], scenes),
                new EmbeddedCaptions(Blocks(sample.captions, d, rowsPerBlock: 5), captionImage), TestContext.Current.CancellationToken));
        }, iter: 1000);

    [Fact]
    public void The_order_of_the_data_changes_nothing() =>
        (from set in Sets
         from matrix in Coarse.Array[(set.CaptionImage.Max() + 1) * set.CaptionImage.Length]
         from order in Gen.Int[0, int.MaxValue]
         select (set, matrix, order)).Sample(sample =>
        {
            (int[] captionImage, string?[]? scenes) = sample.set;
            int images = captionImage.Max() + 1, captions = captionImage.Length;
            int[] newImages = Shuffled([.. Enumerable.Range(0, images)], sample.order),
                newCaptions = Shuffled([.. Enumerable.Range(0, captions)], sample.order + 1);
            var moved = new float[images * captions];
            for (int i = 0; i < images; i++)
            {
                for (int c = 0; c < captions; c++) moved[i * captions + c] = sample.matrix[newImages[i] * captions + newCaptions[c]];
            }
            Same(
                Evaluate(sample.matrix, images, captionImage, scenes),
                Evaluate(moved, images, [.. newCaptions.Select(c => Array.IndexOf(newImages, captionImage[c]))],
                    scenes is null ? null : [.. newImages.Select(i => scenes[i])]));
        }, iter: 500);

    [Fact]
    public void The_intervals_are_as_wide_as_the_central_limit_says()
    {
        // 400 images with a caption each; a random half of them is found in both directions, the rest is ranked last.
        const int Images = 400;
        var random = new Random(1);
        var scores = new float[Images * Images];
        for (int i = 0; i < Images; i++) scores[i * Images + i] = random.Next(2) * 2 - 1;
        RetrievalMetrics metrics = Evaluate(scores, Images, [.. Enumerable.Range(0, Images)]);
        double share = metrics.MeanRecall / 100, half = 1.96 * 100 * Math.Sqrt(share * (1 - share) / Images);
        // All seven figures are the same here.
        RecallIntervals ofImages = Assert.IsType<RecallIntervals>(metrics.ImageToText.Intervals),
            ofCaptions = Assert.IsType<RecallIntervals>(metrics.TextToImage.Intervals);
        Assert.All([Assert.IsType<RecallInterval>(metrics.Interval), ofImages.At1, ofImages.At5, ofImages.At10, ofCaptions.At1,
            ofCaptions.At5, ofCaptions.At10], interval =>
        {
            Assert.InRange(interval.Low, metrics.MeanRecall - 1.15 * half, metrics.MeanRecall - 0.85 * half);
            Assert.InRange(interval.High, metrics.MeanRecall + 0.85 * half, metrics.MeanRecall + 1.15 * half);
        });
    }

    [Fact]
    public void Each_recall_has_the_interval_of_its_own_depth_and_direction()
    {
        // Every caption finds its image first; most images prefer the captions of the next six to their own, the last ones those that are
        // left.
        const int Images = 20;
        var scores = new float[Images * Images];
        for (int i = 0; i < Images; i++)
        {
            for (int c = 0; c < Images; c++) scores[i * Images + c] = c == i ? i : c > i && c <= i + 6 ? i + 0.5f : -1;
        }

        RetrievalMetrics metrics = Evaluate(scores, Images, [.. Enumerable.Range(0, Images)]);
        Assert.Equal(new RecallIntervals(new(100, 100), new(100, 100), new(100, 100)), metrics.TextToImage.Intervals);
        RecallIntervals ofImages = metrics.ImageToText.Intervals!;
        Assert.Equal(new RecallInterval(100, 100), ofImages.At10);
        Assert.Equal((5.0, 25.0), (metrics.ImageToText.RecallAt1, metrics.ImageToText.RecallAt5));
        Assert.InRange(metrics.ImageToText.RecallAt1, ofImages.At1.Low, ofImages.At1.High);
        Assert.InRange(metrics.ImageToText.RecallAt5, ofImages.At5.Low, ofImages.At5.High);
        Assert.True(ofImages.At1.High < ofImages.At5.High && ofImages.At5.High < 100);
    }

    [Fact]
    public void Where_every_image_is_found_the_interval_has_no_width() =>
        Assert.Equal(new RecallInterval(100, 100), Evaluate([1, 0, 0, 1], 2, [0, 1]).Interval);

    [Fact]
    public void A_model_that_answers_everything_alike_is_not_rewarded()
    {
        const int Images = 101;
        RetrievalMetrics metrics = Evaluate(new float[Images * Images], Images, [.. Enumerable.Range(0, Images)]);
        Assert.Equal(0, metrics.MeanRecall);
        Assert.Equal(51, metrics.TextToImage.MeanRank);
    }

    [Theory]
    [InlineData(3, "similarities")]
    [InlineData(4, "no caption")]
    public void Data_that_does_not_fit_is_refused(int values, string expected) =>
        Assert.Contains(
            expected, Assert.ThrowsAny<ArgumentException>(() => Evaluate(new float[values], 2, [0, 0])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_score_that_is_no_number_is_refused_and_its_image_named()
    {
        float[] matrix = [0, 1, 0, float.NaN];
        Assert.Contains("image 1", Assert.Throws<ArgumentException>(() => Evaluate(matrix, 2, [0, 1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_caption_of_an_image_that_is_not_there_is_refused() =>
        Assert.Contains(
            "Caption 1", Assert.Throws<ArgumentException>(() => Evaluate(new float[2], 1, [0, 1])).Message, StringComparison.Ordinal);

    [Fact]
    public void Canceling_ends_the_work() => Assert.ThrowsAny<OperationCanceledException>(
        () => RetrievalEvaluator.Evaluate(new float[4], 2, [0, 1], cancellationToken: new CancellationToken(canceled: true)));

    private static RetrievalMetrics Evaluate(float[] similarity, int images, int[] captionImage, string?[]? scenes = null) =>
        RetrievalEvaluator.Evaluate(similarity, images, captionImage, scenes, TestContext.Current.CancellationToken);

    private static EmbeddingBlocks Blocks(float[] rows, int dimension, int rowsPerBlock)
    {
        var blocks = new EmbeddingBlocks(dimension, rowsPerBlock * dimension);
        foreach (float[] row in rows.Chunk(dimension))
        {
            row.CopyTo(blocks.Next());
            blocks.Keep();
        }
        return blocks;
    }

    private static void Same(RetrievalMetrics expected, RetrievalMetrics found)
    {
        Assert.Equal((expected.Images, expected.Captions), (found.Images, found.Captions));
        Same(expected.ImageToText, found.ImageToText);
        Same(expected.TextToImage, found.TextToImage);
        Same(expected.MeanRecall, found.MeanRecall);
        if (expected.Interval is { } low && found.Interval is { } high) // the oracle has none
        {
            Same(low.Low, high.Low);
            Same(low.High, high.High);
        }

        Assert.Equal(expected.SceneRecall is null, found.SceneRecall is null);
        if (expected.SceneRecall is not { } e || found.SceneRecall is not { } f) return;
        Same(e.ImageToTextAt1, f.ImageToTextAt1);
        Same(e.ImageToTextAt5, f.ImageToTextAt5);
        Same(e.ImageToTextAt10, f.ImageToTextAt10);
        Same(e.TextToImageAt1, f.TextToImageAt1);
        Same(e.TextToImageAt5, f.TextToImageAt5);
        Same(e.TextToImageAt10, f.TextToImageAt10);
    }

    private static void Same(DirectionMetrics expected, DirectionMetrics found)
    {
        Same(expected.RecallAt1, found.RecallAt1);
        Same(expected.RecallAt5, found.RecallAt5);
        Same(expected.RecallAt10, found.RecallAt10);
        Assert.Equal(expected.MedianRank, found.MedianRank);
        Same(expected.MeanRank, found.MeanRank);
    }

    private static void Same(double expected, double found) => Assert.Equal(expected, found, tolerance: 1e-9);

    private static T[] Shuffled<T>(T[] values, int seed)
    {
        new Random(seed).Shuffle(values);
        return values;
    }
}
