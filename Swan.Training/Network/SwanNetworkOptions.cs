using Swan.MLNet.ModelFiles;

namespace Swan.Training.Network;

/// <summary>The shape of a SWAN network.</summary>
/// <remarks>
/// Immutable; round-trips through JSON into the run folder and the model card. Source: Pan, Ma and Bai, ICMR 2023, section 3;
/// docs/spec/network.md, sections 2 and 3. Defaults are the paper's except for <see cref="Variant"/>.
/// </remarks>
public sealed record SwanNetworkOptions
{
    /// <summary>Which reading of the paper (default <see cref="SwanVariant.Canonical"/>).</summary>
    public SwanVariant Variant { get; init; } = SwanVariant.Canonical;

    /// <summary>The network below the image tower: one of <see cref="SwanBackbones.Names"/> (default <c>resnet50</c>).</summary>
    public string Backbone { get; init; } = "resnet50";

    /// <summary>Side of the square input in pixels: a multiple of 32, from 64 to 1024 (default 256).</summary>
    /// <remarks>VMSF and SFGS work on a grid of a 16th of it.</remarks>
    public int ImageSize { get; init; } = 256;

    /// <summary>
    /// D, the width of both embeddings: 16 to 4096, divisible by <see cref="WsaHeads"/> and <see cref="GaHeads"/> (default 512).
    /// </summary>
    public int EmbeddingSize { get; init; } = 512;

    /// <summary>Channels of the salient features: the first two SFGS branches have as many, the third twice as many (default 32).</summary>
    public int SalientChannels { get; init; } = 32;

    /// <summary>Attention heads of SFGS's transformer layer (default 8).</summary>
    public int WsaHeads { get; init; } = 8;

    /// <summary>Heads of the gated attention (default 2).</summary>
    public int GaHeads { get; init; } = 2;

    /// <summary>The module that turns tokens into vectors.</summary>
    /// <remarks>Default <see cref="SwanTextTower.Gru"/>, the paper's; the other needs the canonical variant.</remarks>
    public SwanTextTower TextTower { get; init; } = SwanTextTower.Gru;

    /// <summary>Width of the GRU's word vectors (default 300).</summary>
    public int WordDimension { get; init; } = 300;

    /// <summary>Rows of the word table; at least the vocabulary's ids (default 8590, as in published checkpoints).</summary>
    public int VocabularyRows { get; init; } = 8590;

    /// <summary>Multiplies every dropout rate of the paper: 0 turns dropout off, 1 (the default) is the paper.</summary>
    public double DropoutScale { get; init; } = 1;

    /// <summary>Visual multiscale fusion (default on).</summary>
    /// <remarks>Off: the global feature is a linear map of the last scale's average.</remarks>
    public bool UseVmsf { get; init; } = true;

    /// <summary>Scene fine-grained sensing (default on).</summary>
    /// <remarks>Off: the aggregation takes the global feature alone.</remarks>
    public bool UseSfgs { get; init; } = true;

    /// <summary>Textual coarse-grained enhancement (default on).</summary>
    /// <remarks>Off: a caption's vector is the mean of the GRU's outputs.</remarks>
    public bool UseTcge { get; init; } = true;

    /// <summary>The modules correct plain averages instead of replacing them (default off, as in the paper).</summary>
    /// <remarks>
    /// An image's vector is a linear map of the last scale's average plus a learned multiple (<see cref="ResidualGate"/> at first) of the
    /// output of VMSF, SFGS and the aggregation. A caption's is the mean over its tokens plus a learned multiple of TCGE's row. Suits
    /// pretrained towers, whose averages are good before training.
    /// </remarks>
    public bool Residual { get; init; }

    /// <summary>The initial value of the multiples of a <see cref="Residual"/> network, from 0 to 1.</summary>
    /// <remarks>
    /// At 0 the modules would get no gradient: Adam would move them at random until the multiple had left 0. Default 0.1.
    /// </remarks>
    public double ResidualGate { get; init; } = 0.1;

    /// <summary>Whether there is anything to aggregate: a residual network without VMSF and SFGS is its plain average.</summary>
    internal bool HasAggregation => UseVmsf || UseSfgs || !Residual;

    /// <summary>
    /// Only for <see cref="SwanVariant.Reference"/>: compute the joint representation units although they don't reach the output, to
    /// update their batch-norm statistics as in the authors' implementation.
    /// </summary>
    /// <remarks>Default off.</remarks>
    public bool ComputeDeadBranches { get; init; }
}
