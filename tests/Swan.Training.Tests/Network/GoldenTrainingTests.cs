using System.Text.Json;
using Swan.Training.Losses;
using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Network;

/// <summary>Three Adam steps of the reference variant with dropout off, batch-norm in training mode and a frozen backbone.</summary>
public sealed class GoldenTrainingTests
{
    [Fact]
    public void Losses_first_gradients_and_statistics_are_those_of_the_authors_implementation()
    {
        JsonElement golden = Golden.Forward.GetProperty("training");
        using var scope = NewDisposeScope();
        Tensor images = FormulaNetwork.TrainingImages();
        (Tensor ids, Tensor lengths) = FormulaNetwork.Captions([.. golden.GetProperty("captions").EnumerateArray().Select(c => c.Longs())]);

        using SwanNetwork network = FormulaNetwork.Create(FormulaNetwork.Reference with { ComputeDeadBranches = true, DropoutScale = 0 });
        network.FreezeBackbone();
        network.train();
        using var loss = new TripletLoss(golden.GetProperty("margin").GetDouble());
        using var adam = optim.Adam(network.LearningParameters().Select(p => p.Parameter), golden.GetProperty("lr").GetDouble());

        var losses = new List<double>();
        for (int step = 0; step < 3; step++)
        {
            using var stepScope = NewDisposeScope();
            adam.zero_grad();
            Tensor value = loss.call(SwanNetwork.Similarity(network.EncodeImages(images), network.EncodeCaptions(ids, lengths)), null);
            value.backward();
            losses.Add(value.item<float>());
            if (step == 0) CompareGradients(network, golden.GetProperty("first_step_gradient_norms"));
            adam.step();
        }

        Assert.All(golden.GetProperty("losses").Floats().Zip(losses),
            pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-4 * Math.Max(1, pair.First)));
        CompareStatistics(network, golden.GetProperty("after"));
    }

    private static void CompareGradients(SwanNetwork network, JsonElement norms)
    {
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
        {
            if (!norms.TryGetProperty(name, out JsonElement norm) || norm.ValueKind == JsonValueKind.Null) continue;
            double expected = norm.GetDouble();
            double actual = parameter.grad is { } gradient ? gradient.norm().item<float>() : 0;
            Assert.True(Math.Abs(expected - actual) <= 1e-4 * Math.Max(expected, 0.1),
                $"{name}: expected a gradient norm of {expected}, got {actual}");
        }
    }

    private static void CompareStatistics(SwanNetwork network, JsonElement after)
    {
        foreach ((string name, Tensor value) in network.state_dict())
        {
            if (!name.Contains("running_", StringComparison.Ordinal)) continue;
            double expected = after.GetProperty(name).GetProperty("abs_sum").GetDouble();
            double actual = value.abs().sum(ScalarType.Float64).item<double>();
            Assert.True(Math.Abs(expected - actual) <= 1e-3 * expected, $"{name}: expected |sum| {expected}, got {actual}");
        }
    }
}
