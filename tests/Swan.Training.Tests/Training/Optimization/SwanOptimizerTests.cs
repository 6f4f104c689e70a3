using Swan.Training.Network;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Training;

public sealed class SwanOptimizerTests
{
    private const double Rate = 0.01, Decay = 0.1, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    [Theory]
    [InlineData(OptimizerKind.Adam, 0)]
    [InlineData(OptimizerKind.AdamW, Decay)]
    public void Steps_are_those_of_the_published_algorithm(OptimizerKind kind, double decay)
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = SwanNetwork.Create(TinyRun.Options.Network);
        using SwanOptimizer optimizer = SwanOptimizer.Create(
            network, [], TinyRun.Options with { Optimizer = kind, LearningRate = Rate, WeightDecay = decay });
        Parameter matrix = Named(network, "agg.fc_1.weight"), bias = Named(network, "agg.fc_1.bias");
        double[] expected = Doubles(matrix), expectedBias = Doubles(bias);
        double[] m = new double[expected.Length], v = new double[expected.Length], mBias = new double[expectedBias.Length],
            vBias = new double[expectedBias.Length];
        for (int step = 1; step <= 3; step++)
        {
            double factor = 1.0 / step;
            float[] gradient = FormulaWeights.Uniform("matrix", expected.Length, (uint)step),
                gradientBias = FormulaWeights.Uniform("bias", expectedBias.Length, (uint)step);
            SetGradient(matrix, tensor(gradient));
            SetGradient(bias, tensor(gradientBias));
            optimizer.Step(factor);
            AdamStep(expected, gradient, m, v, step, Rate * factor, decay);
            AdamStep(expectedBias, gradientBias, mBias, vBias, step, Rate * factor, decay: 0); // one dimension: no decay
        }

        Assert.All(expected.Zip(Doubles(matrix)), p => Assert.Equal(p.First, p.Second, tolerance: 1e-5));
        Assert.All(expectedBias.Zip(Doubles(bias)), p => Assert.Equal(p.First, p.Second, tolerance: 1e-5));
    }

    [Fact]
    public void The_backbone_has_its_own_rate_and_the_loss_never_decays()
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = SwanNetwork.Create(TinyRun.Options.Network);
        Parameter scale = nn.Parameter(tensor(2f)), stem = network.BackboneParameters().First(p => p.dim() == 4),
            rest = Named(network, "agg.fc_1.weight");
        using SwanOptimizer optimizer = SwanOptimizer.Create(
            network, [("scale", scale)], TinyRun.Options with
            {
                Optimizer = OptimizerKind.AdamW,
                FreezeBackbone = false,
                LearningRate = 1e-2,
                BackboneLearningRate = 1e-4,
                WeightDecay = 0.5,
            });
        foreach (Parameter p in (Parameter[])[scale, stem, rest])
        {
            using (no_grad()) p.fill_(2);
            SetGradient(p, ones_like(p));
        }

        optimizer.Step(factor: 1);

        // Adam's first step is the rate; AdamW's decay takes rate × decay × weight.
        Assert.Equal(2 - 1e-2, scale.item<float>(), tolerance: 1e-5);
        Assert.Equal(2 - 1e-4 - 1e-4 * 0.5 * 2, stem.flatten()[0].item<float>(), tolerance: 1e-6);
        Assert.Equal(2 - 1e-2 - 1e-2 * 0.5 * 2, rest.flatten()[0].item<float>(), tolerance: 1e-5);
    }

    [Fact]
    public void Clipping_scales_all_gradients_down_to_the_norm_and_tells_the_norm_before()
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = SwanNetwork.Create(TinyRun.Options.Network);
        network.FreezeBackbone();
        using SwanOptimizer optimizer = SwanOptimizer.Create(network, [], TinyRun.Options);
        Parameter[] learning = [.. network.LearningParameters().Select(p => p.Parameter)];
        foreach (Parameter p in learning) SetGradient(p, full_like(p, 0.5));
        double norm = 0.5 * Math.Sqrt(learning.Sum(p => p.numel()));
        Assert.Equal(learning.Sum(p => p.numel()), optimizer.ParameterCount);

        Assert.Equal(norm, Step(double.PositiveInfinity), tolerance: 1e-4 * norm);
        Assert.Equal(norm, Step(2), tolerance: 1e-4 * norm);
        Assert.Equal(2, Step(3), tolerance: 1e-3); // below the limit: left alone
        Assert.Equal(2, Step(double.PositiveInfinity), tolerance: 1e-3);
        Assert.Equal(0.5 * 2 / norm, learning[0].grad!.flatten()[0].item<float>(), tolerance: 1e-6);

        double Step(double limit) => optimizer.Step(factor: 1, limit).item<float>();
    }

    [Fact]
    public void A_reloaded_optimizer_goes_on_as_the_first_one()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using SwanNetwork first = SwanNetwork.Create(TinyRun.Options.Network), second = SwanNetwork.Create(TinyRun.Options.Network);
        using SwanOptimizer one = SwanOptimizer.Create(first, [], TinyRun.Options), two = SwanOptimizer.Create(second, [], TinyRun.Options);
        Step(first, one, 1);
        one.Save(folder.File("optimizer.safetensors"));
        foreach ((Parameter from, Parameter to) in first.parameters().Zip(second.parameters()))
        {
            using (no_grad()) to.copy_(from);
        }

        two.Load(folder.File("optimizer.safetensors"));
        Step(first, one, 2);
        Step(second, two, 2);

        foreach ((Parameter expected, Parameter actual) in first.parameters().Zip(second.parameters()))
            Assert.True(expected.equal(actual).all().item<bool>());

        static void Step(SwanNetwork network, SwanOptimizer optimizer, uint seed)
        {
            foreach ((string name, Parameter p) in network.LearningParameters())
                SetGradient(p, tensor(FormulaWeights.Uniform(name, p.numel(), seed)));
            optimizer.Step(factor: 1);
        }
    }

    private static void AdamStep(double[] weights, float[] gradient, double[] m, double[] v, int step, double rate, double decay)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] -= rate * decay * weights[i];
            m[i] = Beta1 * m[i] + (1 - Beta1) * gradient[i];
            v[i] = Beta2 * v[i] + (1 - Beta2) * gradient[i] * gradient[i];
            weights[i] -= rate * (m[i] / (1 - Math.Pow(Beta1, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(Beta2, step))) + Epsilon);
        }
    }

    // Into the tensor that backpropagation adds to.
    private static void SetGradient(Parameter parameter, Tensor gradient)
    {
        using IDisposable noGradients = no_grad();
        parameter.grad!.copy_(gradient.view(parameter.shape));
    }

    private static Parameter Named(SwanNetwork network, string name) => network.named_parameters().Single(p => p.name == name).parameter;

    private static double[] Doubles(Tensor t) => [.. t.flatten().data<float>().ToArray().Select(v => (double)v)];
}
