using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>Reads the optimizer state of checkpoints up to version 0.1.0, which TorchSharp's own optimizers wrote.</summary>
/// <remarks>They counted the steps of each parameter; all of them are the same, as every parameter learns from the first step on.</remarks>
internal static class EarlierOptimizerState
{
    /// <summary>Fills both moments, and returns the steps taken.</summary>
    /// <exception cref="InvalidDataException">The file is not of an optimizer of these parameters.</exception>
    public static long Read(
        string path, IReadOnlyList<ParameterGroup> groups, OptimizerKind kind, FlatParameters parameters, Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        string[] names = [.. groups.SelectMany(g => g.Parameters).Select(p => p.Name)];
        using OptimizerHelper earlier = kind == OptimizerKind.AdamW
            ? optim.AdamW(groups.Select(g => new AdamW.ParamGroup(Twins(g), g.Rate)))
            : optim.Adam(groups.Select(g => new Adam.ParamGroup(Twins(g), g.Rate)));
        using (var reader = new BinaryReader(File.OpenRead(path)))
        {
            try
            {
                earlier.load_state_dict(reader);
            }
            catch (ArgumentException e)
            {
                throw new InvalidDataException(e.Message, e);
            }
        }

        long steps = 0;
        foreach ((string name, TorchSharp.Modules.OptimizerState state) in names.Zip(earlier.state_dict().State))
        {
            (long taken, Tensor mean, Tensor square) = state switch
            {
                AdamW.State s => (s.step, s.exp_avg, s.exp_avg_sq),
                Adam.State s => (s.step, s.exp_avg, s.exp_avg_sq),
                _ => throw new InvalidDataException($"it belongs to a {state.GetType()}, which is neither Adam nor AdamW."),
            };
            if (!mean.shape.SequenceEqual(parameters.View(first, name).shape))
                throw new InvalidDataException($"the moments of '{name}' have the shape {string.Join('×', mean.shape)}.");
            parameters.View(first, name).copy_(mean);
            parameters.View(second, name).copy_(square);
            steps = Math.Max(steps, taken);
        }
        return steps;
    }

    // TorchSharp reads into the state of parameters that are there: some of the same shapes.
    private static Parameter[] Twins(ParameterGroup group) => [.. group.Parameters.Select(p => new Parameter(zeros(p.Parameter.shape)))];
}
