using System.Globalization;
using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;
using Swan.Training.Network;
using Swan.Training.Weights;

namespace Swan.Training;

/// <summary>A model file whose weights a run starts from.</summary>
internal sealed class InitialFile : InitialModel
{
    // Sums in another order; and what integers of activations, which a network in float32 doesn't have, may change of random inputs.
    private const double MaxDifference = 1e-4, MinCosine = 0.9;

    private readonly SwanModelFile _file;

    private InitialFile(SwanModelFile file) => _file = file;

    /// <inheritdoc/>
    public override string Name => $"the model '{Path}'";

    /// <inheritdoc/>
    public override LearnedSource Learned => new($"{Name}, which this run starts from,", _file.LearnedImages);

    /// <inheritdoc cref="InitialModel.Open"/>
    public static new InitialFile Open(string path)
    {
        SwanModelFile file = SwanModelFile.Open(path);
        TextContract text = file.Card.Text;
        ICaptionTokenizer tokenizer = CaptionTokenizers.Load(text.Contract, file.Vocabulary, text.MaxLength);
        return new(file) { Path = path, Network = ModelFileShape.Of(file), Tokenizer = tokenizer };
    }

    /// <inheritdoc/>
    public override void Load(SwanNetwork network)
    {
        ModelFileWeights.Load(network, _file);
        bool training = network.training;
        network.eval();
        EmbeddingAgreement agreement = TowerVerification.Measure(network, _file, trainedIds: null, CancellationToken.None);
        network.train(training);
        bool integers = _file.Card.Compute == SwanComputePrecision.Int8;
        if (integers ? agreement.MinCosine >= MinCosine : agreement.MaxDifference <= MaxDifference) return;
        throw new SwanMismatchException(
            $"The weights of '{Path}' were read back, but the network with these weights gives other results than the file: "
            + (integers
                ? string.Create(CultureInfo.InvariantCulture, $"the cosine falls to {agreement.MinCosine:F4}, but at least {MinCosine} is ")
                : string.Create(
                    CultureInfo.InvariantCulture, $"values differ by {agreement.MaxDifference:G3}, but at most {MaxDifference} is "))
            + "allowed. The file was exported by another version, or its card doesn't fully describe its network. Start from the run's "
            + "folder, or export it again.");
    }
}
