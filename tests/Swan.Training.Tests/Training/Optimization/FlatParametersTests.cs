using Swan.Training.Network;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Training;

public sealed class FlatParametersTests
{
    [Fact]
    public void A_networks_values_and_results_stay_as_they_were()
    {
        using var scope = NewDisposeScope();
        using SwanNetwork before = SwanNetwork.Create(TinyRun.Options.Network), after = SwanNetwork.Create(TinyRun.Options.Network);
        using SwanOptimizer optimizer = SwanOptimizer.Create(after, [], TinyRun.Options);
        using var statistics = new FlatStatistics(after);
        before.eval();
        after.eval();

        Tensor pixels = Pixels(2);
        Assert.True(before.EncodeImages(pixels).allclose(after.EncodeImages(pixels), rtol: 1e-6, atol: 1e-7));
        Assert.Equal(before.state_dict().Keys, after.state_dict().Keys);
        Assert.All(before.state_dict().Values.Zip(after.state_dict().Values),
            pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
    }

    // Convolutions may give gradients that lie channels last, a GRU hands its weights to one native call, a table adds up rows.
    [Fact]
    public void Backpropagation_fills_the_long_gradient_for_every_kind_of_layer()
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = SwanNetwork.Create(TinyRun.Options.Network);
        using SwanOptimizer optimizer = SwanOptimizer.Create(network, [], TinyRun.Options);
        network.train();
        for (int step = 0; step < 2; step++)
        {
            optimizer.ZeroGradients();
            Tensor captions = network.EncodeCaptions(tensor(new long[] { 1, 2, 3, 4, 5, 6, 7, 8 }).view(2, 4), tensor(new long[] { 4, 3 }));
            SwanNetwork.Similarity(network.EncodeImages(Pixels(2)), captions).pow(2).sum().backward();

            foreach ((string name, Parameter parameter) in network.LearningParameters())
            {
                Tensor there = optimizer.Parameters.View(optimizer.Parameters.Gradients, name);
                Assert.True(parameter.grad!.equal(there).all().item<bool>(), name);
            }
            Assert.True(optimizer.Parameters.Gradients.abs().sum().item<float>() > 0);
        }

        using (no_grad()) optimizer.Parameters.Gradients.fill_(7);
        Assert.All(network.LearningParameters(), p => Assert.Equal(7, p.Parameter.grad!.mean().item<float>(), tolerance: 1e-5));
    }

    [Fact]
    public void Frozen_parameters_are_left_out_and_what_lies_between_stays_zero()
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = SwanNetwork.Create(TinyRun.Options.Network);
        network.FreezeBackbone();
        using SwanOptimizer optimizer = SwanOptimizer.Create(
            network, [], TinyRun.Options with { Optimizer = OptimizerKind.AdamW, WeightDecay = 0.1 });
        FlatParameters parameters = optimizer.Parameters;
        Assert.Equal(network.LearningParameters().Select(p => p.Name).Order(), parameters.Names.Order());
        foreach (string name in parameters.Names)
        {
            using (no_grad()) parameters.View(parameters.Gradients, name).fill_(1);
        }

        optimizer.Step(factor: 1);

        double all = parameters.Values.abs().sum(ScalarType.Float64).item<double>();
        double named = parameters.Names.Sum(n => parameters.View(parameters.Values, n).abs().sum(ScalarType.Float64).item<double>());
        Assert.Equal(named, all, tolerance: 1e-9 * named);
    }

    // As the loader hands them on: channels last.
    private static Tensor Pixels(int count)
    {
        const int Side = 64;
        return tensor(FormulaWeights.Uniform("pixels", count * Side * Side * 3)).view(count, Side, Side, 3).permute(0, 3, 1, 2);
    }
}
