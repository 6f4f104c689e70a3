using Swan.MLNet.ModelFiles;

namespace Swan.Training.Network;

internal static class SwanNetworkOptionsValidation
{
    /// <summary>Reports everything that can't be combined at once.</summary>
    /// <exception cref="ArgumentException">At least one option is out of its range or contradicts another.</exception>
    public static void Validate(this SwanNetworkOptions o)
    {
        ArgumentNullException.ThrowIfNull(o);
        IReadOnlyList<string> faults = o.Faults();
        if (faults.Count > 0)
            throw new ArgumentException("The network can't be built:" + string.Concat(faults.Select(f => "\n  - " + f)), nameof(o));
    }

    /// <summary>Everything that is wrong, a sentence each; empty when nothing is.</summary>
    public static IReadOnlyList<string> Faults(this SwanNetworkOptions o)
    {
        var faults = new List<string>();
        Range(nameof(o.ImageSize), o.ImageSize, 64, 1024);
        Range(nameof(o.EmbeddingSize), o.EmbeddingSize, 16, 4096);
        Range(nameof(o.SalientChannels), o.SalientChannels, 1, 512);
        Range(nameof(o.WordDimension), o.WordDimension, 1, 4096);
        Range(nameof(o.VocabularyRows), o.VocabularyRows, 2, 10_000_000);
        Range(nameof(o.WsaHeads), o.WsaHeads, 1, 64);
        Range(nameof(o.GaHeads), o.GaHeads, 1, 64);
        if (o.DropoutScale is not (>= 0 and <= 2)) faults.Add($"{nameof(o.DropoutScale)} is {o.DropoutScale}, but must be from 0 to 2.");
        if (o.ResidualGate is not (>= 0 and <= 1)) faults.Add($"{nameof(o.ResidualGate)} is {o.ResidualGate}, but must be from 0 to 1.");
        if (!SwanBackbones.Names.Contains(o.Backbone)) faults.Add(SwanBackbones.Unknown(o.Backbone));
        if (o.Residual && o.Variant == SwanVariant.Reference)
            faults.Add($"{nameof(o.Residual)} needs the variant {SwanVariant.Canonical}: published checkpoints have no such averages.");
        if (!Enum.IsDefined(o.TextTower)) faults.Add($"{nameof(o.TextTower)} is {o.TextTower}, which is not a text tower.");
        if (o.TextTower == SwanTextTower.MiniLm && o.Variant == SwanVariant.Reference)
        {
            faults.Add(
                $"The text tower {SwanTextTower.MiniLm} needs the variant {SwanVariant.Canonical}: published checkpoints have a GRU.");
        }
        if (!Enum.IsDefined(o.Variant)) faults.Add($"{nameof(o.Variant)} is {o.Variant}, which is not a variant.");
        if (o.ImageSize % 32 != 0)
        {
            faults.Add(
                $"{nameof(o.ImageSize)} is {o.ImageSize}, but must be a multiple of 32: the last scale of the backbone is a 32nd of the "
                + "image, and VMSF brings all scales to one grid.");
        }
        if (o.UseSfgs && o.WsaHeads > 0 && o.EmbeddingSize % o.WsaHeads != 0)
            faults.Add($"{nameof(o.EmbeddingSize)} is {o.EmbeddingSize}, but must be divisible by {nameof(o.WsaHeads)}, {o.WsaHeads}.");
        if (o.UseTcge && o.GaHeads > 0 && o.EmbeddingSize % o.GaHeads != 0)
            faults.Add($"{nameof(o.EmbeddingSize)} is {o.EmbeddingSize}, but must be divisible by {nameof(o.GaHeads)}, {o.GaHeads}.");
        if (o.ComputeDeadBranches && o.Variant != SwanVariant.Reference)
        {
            faults.Add(
                $"{nameof(o.ComputeDeadBranches)} is set, but the {o.Variant} variant has no dead branches: all of it reaches the output.");
        }
        return faults;

        void Range(string name, int value, int low, int high)
        {
            if (value < low || value > high) faults.Add($"{name} is {value}, but must be from {low} to {high}.");
        }
    }
}
