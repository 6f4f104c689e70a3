using CsCheck;
using Swan.Training.Network;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Training;

/// <summary>TorchSharp's own Adam and AdamW, a loop over tensors, beside the one over long tensors.</summary>
public sealed class TorchOptimizerTests
{
    private static readonly Gen<long[]> Shape = Gen.Long[1, 40].Array[0, 4].Where(s => s.Aggregate(1L, (a, b) => a * b) < 20_000);

    [Fact]
    public void Steps_over_long_tensors_equal_those_over_each_tensor()
    {
        Gen.Select(Shape.Array[1, 8], Gen.Int[1, 5], Gen.Double[0, 0.2], Gen.Double[0.01, 5], Gen.Bool, Gen.Int[0, 1000])
            .Sample((shapes, steps, decay, limit, adamW, seed) =>
            {
                using var scope = NewDisposeScope();
                Parameter[] expected = Parameters(shapes, seed), actual = Parameters(shapes, seed);
                OptimizerKind kind = adamW ? OptimizerKind.AdamW : OptimizerKind.Adam;
                using OptimizerHelper torch = adamW ? optim.AdamW(Groups(expected, decay)) : optim.Adam(AdamGroups(expected));
                using SwanOptimizer ours = SwanOptimizer.Create(MatricesDecay(actual, adamW ? decay : 0), kind);
                for (int step = 0; step < steps; step++)
                {
                    double factor = 1.0 / (1 + step);
                    foreach (optim.ILearningRateController group in torch.ParamGroups) group.LearningRate = 0.01 * factor;
                    foreach ((Parameter one, Parameter other) in expected.Zip(actual))
                    {
                        Tensor gradient = Random(one.shape, seed * 31 + step);
                        one.grad = gradient;
                        using (no_grad()) other.grad!.copy_(gradient);
                    }
                    double norm = nn.utils.clip_grad_norm_(expected, limit);
                    torch.step();
                    Assert.Equal(norm, ours.Step(factor, limit).item<float>(), tolerance: 1e-5 * Math.Max(1, norm));
                }
                Assert.All(expected.Zip(actual), pair => Assert.True(pair.First.allclose(pair.Second, rtol: 1e-5, atol: 1e-6)));
            }, iter: 40, threads: 1);
    }

    [Theory]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.AdamW)]
    public void A_checkpoint_that_TorchSharps_optimizer_wrote_goes_on(OptimizerKind kind)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        long[][] shapes = [[3, 4], [5], [2, 3, 4], []];
        Parameter[] before = Parameters(shapes, seed: 1), after = Parameters(shapes, seed: 1);
        using OptimizerHelper torch = kind == OptimizerKind.AdamW ? optim.AdamW(Groups(before, 0.1)) : optim.Adam(AdamGroups(before));
        Step(2);
        string file = folder.File("optimizer.bin");
        torch.save_state_dict(file);
        using SwanOptimizer ours = SwanOptimizer.Create(MatricesDecay(after, kind == OptimizerKind.AdamW ? 0.1 : 0), kind);
        foreach ((Parameter one, Parameter other) in before.Zip(after))
        {
            using (no_grad()) other.copy_(one);
        }

        ours.LoadEarlier(file);
        Step(1);
        foreach ((Parameter one, Parameter other) in before.Zip(after))
        {
            using (no_grad()) other.grad!.copy_(one.grad!);
        }
        ours.Step(factor: 1);

        Assert.All(before.Zip(after), pair => Assert.True(pair.First.allclose(pair.Second, rtol: 1e-6, atol: 1e-7)));

        void Step(int times)
        {
            for (int i = 0; i < times; i++)
            {
                foreach (Parameter p in before) p.grad = Random(p.shape, i + 3);
                torch.step();
            }
        }
    }

    [Fact]
    public void A_checkpoint_of_other_parameters_is_refused_and_the_parameter_named()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        Parameter[] other = Parameters([[4, 3]], seed: 1);
        using OptimizerHelper torch = optim.Adam(AdamGroups(other));
        torch.save_state_dict(folder.File("optimizer.bin"));
        using SwanOptimizer wider = SwanOptimizer.Create(MatricesDecay(Parameters([[4, 5]], seed: 1), 0), OptimizerKind.Adam);
        using SwanOptimizer written = SwanOptimizer.Create(MatricesDecay(other, 0), OptimizerKind.Adam);
        written.Save(folder.File("optimizer.safetensors"));

        Assert.Throws<InvalidDataException>(() => wider.LoadEarlier(folder.File("optimizer.bin")));
        var e = Assert.Throws<InvalidDataException>(() => wider.Load(folder.File("optimizer.safetensors")));
        Assert.Equal("'first.p0' is missing or doesn't have the shape 4×5.", e.Message);
    }

    private static ParameterGroup[] MatricesDecay(Parameter[] parameters, double decay) => [.. parameters
        .Select((p, i) => (Name: $"p{i}", Parameter: p))
        .GroupBy(p => p.Parameter.dim() > 1)
        .Select(g => new ParameterGroup(0.01, g.Key ? decay : 0, [.. g]))];

    private static IEnumerable<AdamW.ParamGroup> Groups(Parameter[] parameters, double decay) => parameters
        .GroupBy(p => p.dim() > 1)
        .Select(g => new AdamW.ParamGroup(g, 0.01, weight_decay: g.Key ? decay : 0));

    private static IEnumerable<Adam.ParamGroup> AdamGroups(Parameter[] parameters) => parameters
        .GroupBy(p => p.dim() > 1)
        .Select(g => new Adam.ParamGroup(g, 0.01));

    private static Parameter[] Parameters(long[][] shapes, int seed) =>
        [.. shapes.Select((shape, i) => new Parameter(Random(shape, seed + 7 * i)))];

    private static Tensor Random(long[] shape, int seed)
    {
        using var generator = new Generator((ulong)seed);
        return randn(shape, generator: generator);
    }
}
