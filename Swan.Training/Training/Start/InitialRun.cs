using Swan.MLNet;
using Swan.Training.Network;

namespace Swan.Training;

/// <summary>A run whose best weights another run starts from.</summary>
internal sealed class InitialRun : InitialModel
{
    private readonly SwanRun _run;

    private InitialRun(SwanRun run) => _run = run;

    /// <inheritdoc/>
    public override string Name => $"the run in '{Path}'";

    /// <inheritdoc/>
    public override LearnedSource Learned => new($"{Name}, which this run starts from,", RunImages.Read(Path)?.All);

    /// <inheritdoc cref="InitialModel.Open"/>
    public static new InitialRun Open(string folder)
    {
        SwanRun run = SwanRun.Open(folder);
        return new(run) { Path = folder, Network = run.Options.Network, Tokenizer = run.Tokenizer };
    }

    /// <inheritdoc/>
    public override void Load(SwanNetwork network) => NetworkState.Load(network, _run.BestWeights);
}
