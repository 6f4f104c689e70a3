using Swan.Training.Network;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Training;

public sealed class WeightAverageTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.05)] // below the early limit of (1 + t) / (10 + t) from the first step on
    public void The_average_follows_the_weights_and_forgets_the_random_start(double decay)
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = SwanNetwork.Create(TinyRun.Options.Network);
        Parameter bias = network.named_parameters().Single(p => p.name == "agg.fc_1.bias").parameter;
        using var parts = new Parts(network, decay);
        WeightAverage average = parts.Average;
        double expected = bias[0].item<float>();
        for (int step = 1; step <= 20; step++)
        {
            using (no_grad()) bias.fill_(step);
            average.Update(step);
            double now = Math.Min(decay, (1.0 + step) / (10 + step));
            expected = now * expected + (1 - now) * step;
        }

        Assert.Equal(expected, average.State["agg.fc_1.bias"][0].item<float>(), tolerance: 1e-4 * expected);
        Assert.Equal(network.state_dict().Keys.Order(), average.State.Keys.Order());
    }

    [Fact]
    public void Statistics_are_averaged_and_counts_are_taken()
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = SwanNetwork.Create(TinyRun.Options.Network);
        using var parts = new Parts(network, 0.9);
        WeightAverage average = parts.Average;
        const string mean = "image_encoder.conv_filter.1.running_mean", batches = "image_encoder.conv_filter.1.num_batches_tracked";
        Dictionary<string, Tensor> state = network.state_dict();
        using (no_grad())
        {
            state[mean].fill_(11);
            state[batches].fill_(3);
        }

        average.Update(1); // (1 + 1) / (10 + 1) of the start stays
        Assert.Equal(11 * 9 / 11.0, average.State[mean][0].item<float>(), tolerance: 1e-5);
        Assert.Equal(3, average.State[batches].item<long>());
    }

    [Fact]
    public void Swapping_twice_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = SwanNetwork.Create(TinyRun.Options.Network);
        using var parts = new Parts(network, 0.9);
        WeightAverage average = parts.Average;
        Parameter bias = network.named_parameters().Single(p => p.name == "agg.fc_1.bias").parameter;
        float averaged = bias[0].item<float>();
        using (no_grad()) bias.fill_(5);

        average.Swap();
        Assert.Equal((averaged, 5f), (bias[0].item<float>(), average.State["agg.fc_1.bias"][0].item<float>()));
        average.Swap();
        Assert.Equal((5f, averaged), (bias[0].item<float>(), average.State["agg.fc_1.bias"][0].item<float>()));
    }

    [Fact]
    public void A_frozen_backbone_stays_out_of_the_average_and_keeps_its_weights()
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = SwanNetwork.Create(TinyRun.Options.Network);
        network.FreezeBackbone();
        using var parts = new Parts(network, 0.9);
        Parameter frozen = network.BackboneParameters().First();
        float[] before = frozen.data<float>().ToArray();

        parts.Average.Update(1);
        parts.Average.Swap();

        Assert.Equal(before, frozen.data<float>().ToArray());
        Assert.Equal(network.state_dict().Keys.Order(), parts.Average.State.Keys.Order());
    }

    private sealed class Parts : IDisposable
    {
        private readonly SwanOptimizer _optimizer;
        private readonly FlatStatistics _statistics;

        public Parts(SwanNetwork network, double decay)
        {
            _optimizer = SwanOptimizer.Create(network, [], TinyRun.Options);
            _statistics = new FlatStatistics(network);
            Average = new WeightAverage(network, _optimizer.Parameters, _statistics, decay);
        }

        public WeightAverage Average { get; }

        public void Dispose()
        {
            Average.Dispose();
            _statistics.Dispose();
            _optimizer.Dispose();
        }
    }
}
