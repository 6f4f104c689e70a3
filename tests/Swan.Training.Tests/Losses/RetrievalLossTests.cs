using Swan.MLNet;
using Swan.Training.Losses;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Losses;

/// <summary>What every kind of loss owes to training.</summary>
public sealed class RetrievalLossTests
{
    public static TheoryData<LossKind> Kinds => [.. Enum.GetValues<LossKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_builds_a_loss_that_moves_a_pair_away_from_negatives(LossKind kind)
    {
        using var scope = NewDisposeScope();
        using RetrievalLoss loss = RetrievalLoss.Create(kind, new SwanTrainerOptions());
        Tensor similarity = zeros(3, 3, requires_grad: true);

        loss.call(similarity, null).backward();

        float[] gradient = [.. similarity.grad!.data<float>()];
        for (int i = 0; i < 9; i++) Assert.True(i % 4 == 0 ? gradient[i] < 0 : gradient[i] > 0, $"{i / 3},{i % 3}: {gradient[i]}");
    }

    [Theory]
    [InlineData(LossKind.TripletSum, 0.4)] // of two negatives, twice the margin
    [InlineData(LossKind.TripletHardest, 0.2)]
    public void A_triplet_kind_counts_all_negatives_or_the_hardest(LossKind kind, double perPair)
    {
        using RetrievalLoss loss = RetrievalLoss.Create(kind, new SwanTrainerOptions());
        using Tensor value = loss.call(zeros(3, 3), null);
        Assert.Equal(2 * 3 * perPair, value.item<float>(), tolerance: 1e-5);
    }

    [Fact]
    public void Options_reach_their_loss()
    {
        using RetrievalLoss wide = RetrievalLoss.Create(LossKind.TripletHardest, new SwanTrainerOptions { Margin = 0.5 });
        using RetrievalLoss warm = RetrievalLoss.Create(LossKind.InfoNce, new SwanTrainerOptions { Temperature = 0.5 });
        Assert.Equal(3f, wide.call(zeros(3, 3), null).item<float>(), tolerance: 1e-5f);
        Assert.Equal(0.5, Assert.IsType<InfoNceLoss>(warm).Temperature, tolerance: 1e-6);
    }

    [Fact]
    public void A_kind_without_a_loss_is_refused_with_those_that_have_one()
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => RetrievalLoss.Create((LossKind)99, new SwanTrainerOptions()));
        Assert.Contains("Expected one of TripletSum, TripletHardest, InfoNce", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_margin_of_0_is_refused_before_training()
    {
        var e = Assert.Throws<SwanOptionsException>(() => new SwanTrainer(new() { Margin = 0 }));
        Assert.Contains("\n  - Margin is 0; expected a value above 0", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_of_several_kinds_is_reported_once()
    {
        string message = Assert.Throws<SwanOptionsException>(() => new SwanTrainer(new() { Loss = LossKind.InfoNce, Margin = 3 })).Message;
        Assert.Equal("The training options can't be used:\n  - Margin is 3; expected 0 to 2: cosines differ by at most 2.", message);
    }
}
