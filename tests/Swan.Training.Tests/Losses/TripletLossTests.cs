using Swan.Training.Losses;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Losses;

public sealed class TripletLossTests
{
    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(16, false)]
    [InlineData(16, true)]
    public void The_loss_is_that_of_the_authors_implementation(int size, bool hardest)
    {
        using var loss = new TripletLoss(0.2, hardest);
        double expected = Golden.Metrics.GetProperty("triplet_loss")
            .GetProperty($"batch{size}_{(hardest ? "hardest" : "sum")}")
            .GetDouble();
        Assert.Equal(expected, Value(loss, FormulaWeights.Uniform($"scores{size}", size * size), size, null), tolerance: 1e-4 * expected);
    }

    [Theory]
    [InlineData(1, 0.2, false)]
    [InlineData(2, 0.2, true)]
    [InlineData(7, 0.05, false)]
    [InlineData(7, 0.5, true)]
    public void The_loss_is_that_of_a_loop(int size, double margin, bool hardest)
    {
        float[] scores = FormulaWeights.Uniform("loop", size * size);
        using var loss = new TripletLoss(margin, hardest);
        Assert.Equal(Loop(scores, size, margin, hardest, (i, j) => i == j), Value(loss, scores, size, null), tolerance: 1e-4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pairs_that_share_an_image_or_words_are_no_negatives(bool hardest)
    {
        int[] images = [3, 5, 3, 8, 9];
        long[] captions = [1, 2, 7, 2, 4];
        float[] scores = FormulaWeights.Uniform("positives", 25);
        using var loss = new TripletLoss(0.2, hardest);
        using Tensor positives = RetrievalLoss.Positives(images, captions);
        double expected = Loop(scores, 5, 0.2, hardest, (i, j) => images[i] == images[j] || captions[i] == captions[j]);
        Assert.Equal(expected, Value(loss, scores, 5, positives), tolerance: 1e-4);
        Assert.NotEqual(expected, Value(loss, scores, 5, null), tolerance: 1e-3);
    }

    [Fact]
    public void Only_violated_margins_have_a_gradient()
    {
        using var scope = NewDisposeScope();
        // Pair 0 is far better than its rivals; caption 1 is nearer to image 0 than the margin allows.
        Tensor scores = tensor(new float[,] { { 0.9f, 0.6f }, { 0.1f, 0.7f } }, requires_grad: true);
        using var loss = new TripletLoss(0.2);
        loss.call(scores, null).backward();
        Assert.Equal([0f, 1f, 0f, -1f], scores.grad!.data<float>().ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_margin_must_be_above_zero(double margin) => Assert.Throws<ArgumentOutOfRangeException>(() => new TripletLoss(margin));

    private static double Loop(float[] s, int n, double margin, bool hardest, Func<int, int, bool> positive)
    {
        double total = 0;
        for (int i = 0; i < n; i++)
        {
            double sumRow = 0, sumColumn = 0, maxRow = 0, maxColumn = 0;
            for (int j = 0; j < n; j++)
            {
                if (positive(i, j)) continue;
                double row = Math.Max(0, margin + s[i * n + j] - s[i * n + i]), column = Math.Max(0, margin + s[j * n + i] - s[i * n + i]);
                (sumRow, sumColumn, maxRow, maxColumn) =
                    (sumRow + row, sumColumn + column, Math.Max(maxRow, row), Math.Max(maxColumn, column));
            }

            total += hardest ? maxRow + maxColumn : sumRow + sumColumn;
        }

        return total;
    }

    private static double Value(RetrievalLoss loss, float[] scores, int size, Tensor? positives)
    {
        using var scope = NewDisposeScope();
        return loss.call(tensor(scores).view(size, size), positives).item<float>();
    }
}
