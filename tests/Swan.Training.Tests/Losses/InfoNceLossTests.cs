using Swan.Training.Losses;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Losses;

public sealed class InfoNceLossTests
{
    private static readonly int[] Images = [3, 5, 3, 8, 9];
    private static readonly long[] Captions = [1, 2, 7, 2, 4];

    [Theory]
    [InlineData(0.07, false)]
    [InlineData(0.5, false)]
    [InlineData(0.07, true)]
    public void The_loss_is_that_of_a_loop(double temperature, bool positives)
    {
        float[] scores = FormulaWeights.Uniform("nce", 25);
        bool Right(int i, int j) => i == j || (positives && (Images[i] == Images[j] || Captions[i] == Captions[j]));
        using var loss = new InfoNceLoss(temperature);
        using var scope = NewDisposeScope();
        Tensor? given = positives ? RetrievalLoss.Positives(Images, Captions) : null;
        Assert.Equal(Loop(scores, 5, temperature, Right), loss.call(tensor(scores).view(5, 5), given).item<float>(), tolerance: 1e-4);
    }

    [Fact]
    public void The_temperature_is_learned_and_never_falls_below_a_hundredth_but_comes_back_from_there()
    {
        using var loss = new InfoNceLoss(0.07);
        Assert.Equal(0.07, loss.Temperature, tolerance: 1e-6);
        using var sgd = optim.SGD(loss.parameters(), 5);
        // Right pairs are ahead: a lower temperature is always better.
        Step(loss, sgd, [0.05f, 0, 0, 0.05f], 200);
        Assert.Equal(0.01, loss.Temperature, tolerance: 1e-6);
        // Right pairs are behind: the temperature must rise again.
        Step(loss, sgd, [-0.5f, 0.5f, 0.5f, -0.5f], 3);
        Assert.True(loss.Temperature > 0.02, $"the temperature stayed at {loss.Temperature}");
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void A_temperature_that_could_not_be_learned_from_is_refused(double temperature) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new InfoNceLoss(temperature));

    [Fact]
    public void Positives_are_symmetric_and_hold_the_pairs_themselves()
    {
        using Tensor positives = RetrievalLoss.Positives(Images, Captions);
        bool[] actual = [.. positives.data<bool>()];
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j < 5; j++) Assert.Equal(i == j || Images[i] == Images[j] || Captions[i] == Captions[j], actual[i * 5 + j]);
        }
    }

    private static void Step(InfoNceLoss loss, optim.Optimizer optimizer, float[] scores, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            loss.call(tensor(scores).view(2, 2), null).backward();
            optimizer.step();
        }
    }

    // The mean over rows and columns of −log of the right items' share, several right items weighing the same.
    private static double Loop(float[] s, int n, double temperature, Func<int, int, bool> right)
    {
        double total = 0;
        for (int direction = 0; direction < 2; direction++)
        {
            double Score(int i, int j) => Math.Exp((direction == 0 ? s[i * n + j] : s[j * n + i]) / temperature);
            for (int i = 0; i < n; i++)
            {
                double all = Enumerable.Range(0, n).Sum(j => Score(i, j));
                int[] own = [.. Enumerable.Range(0, n).Where(j => right(i, j))];
                total -= own.Sum(j => Math.Log(Score(i, j) / all)) / own.Length / n / 2;
            }
        }

        return total;
    }
}
