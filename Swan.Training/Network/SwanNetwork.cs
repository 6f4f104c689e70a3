using Swan.MLNet.ModelFiles;
using Swan.Training.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Network;

/// <summary>SWAN: an image tower and a text tower whose vectors are compared by cosine.</summary>
/// <remarks>
/// Source: Pan, Ma and Bai, ICMR 2023, section 3, doi:10.1145/3591106.3592236; docs/spec/network.md, sections 2 and 3. Parameter names are
/// those of the published checkpoints. Not safe for concurrent use. The caller owns the network and disposes it; each step belongs in a
/// <c>NewDisposeScope()</c>.
/// </remarks>
public sealed class SwanNetwork : nn.Module
{
    private const double NormFloor = 1e-8;

    // Parts of the reference variant that receive no gradient (docs/spec/network.md, section 3, "what that means"), and an unused part of
    // every checkpoint.
    private static readonly string[] DeadInReference = ["tcge.ga.linears.0.", "tcge.ga.linears.1.", "tcge.ga.fc_", "tcge.conv1d_block_"];
    private const string UnusedProjection = "text_encoder.projection.";

    private readonly ImageTower image_encoder;
    private readonly TextTower text_encoder;
    private readonly Sfgs? sfgs;
    private readonly Aggregation? agg;
    private readonly Tcge? tcge;
    private readonly Parameter? image_gate, text_gate;
    private bool _batchNormTrains = true, _batchNormsFixed, _textFrozen;

    private SwanNetwork(SwanNetworkOptions options) : base(nameof(SwanNetwork))
    {
        Options = options;
        int width = options.EmbeddingSize;
        image_encoder = new ImageTower(options);
        text_encoder = TextTower.Create(options);
        if (options.UseSfgs)
            sfgs = new Sfgs(options.SalientChannels, options.ImageSize / 16, width, options.WsaHeads, options.DropoutScale);
        if (options.HasAggregation) agg = new Aggregation(options.UseSfgs ? 2 * width : width, width);
        if (options.UseTcge) tcge = new Tcge(options);
        if (options.Residual && agg is not null) image_gate = Gate();
        if (options.Residual && tcge is not null) text_gate = Gate();
        RegisterComponents();

        Parameter Gate() => nn.Parameter(full(1, options.ResidualGate));
    }

    /// <summary>The network's shape.</summary>
    public SwanNetworkOptions Options { get; }

    /// <summary>Whether the backbone's weights are frozen.</summary>
    /// <remarks>See <see cref="FreezeBackbone"/>.</remarks>
    public bool BackboneFrozen => image_encoder.BackboneFrozen;

    /// <summary>Builds a network with random weights, on the CPU, in training mode.</summary>
    /// <param name="options">The network's shape.</param>
    /// <param name="seed">Seeds TorchSharp's global generator: the same seed gives the same weights.</param>
    /// <exception cref="ArgumentException">Options can't be combined; the message names every one and the reason.</exception>
    public static SwanNetwork Create(SwanNetworkOptions options, int seed = 0)
    {
        options.Validate();
        manual_seed(seed);
        return new SwanNetwork(options);
    }

    /// <summary>Encodes images as vectors.</summary>
    /// <param name="pixels">float32, N×3×S×S, already normalized (mean and deviation).</param>
    /// <returns>N×D, not normalized.</returns>
    /// <exception cref="ArgumentException">The shape isn't N×3×S×S.</exception>
    public Tensor EncodeImages(Tensor pixels)
    {
        long side = Options.ImageSize;
        if (pixels.Dimensions != 4 || pixels.shape[1] != 3 || pixels.shape[2] != side || pixels.shape[3] != side)
        {
            throw new ArgumentException(
                $"The image tower takes N×3×{side}×{side}; got {string.Join('×', pixels.shape)}.", nameof(pixels));
        }
        if (pixels.device.type == DeviceType.CPU && !OneDnn.ChannelsLastIsRight) pixels = pixels.contiguous();
        ImageFeatures features = image_encoder.call(pixels);
        Tensor? aggregated = agg?.call(sfgs is null ? features.Global! : cat([sfgs.call(features.Salient!), features.Global!], 1));
        return Gated(features.Plain, aggregated, image_gate);
    }

    /// <summary>Encodes captions as unit vectors.</summary>
    /// <param name="ids">int64, N×L token ids; ids past a caption's length are padding.</param>
    /// <param name="lengths">int64, N, on the CPU, each from 1 to L.</param>
    /// <returns>N×D, each row divided by its L2 norm + 1e-8.</returns>
    public Tensor EncodeCaptions(Tensor ids, Tensor lengths)
    {
        Tensor h = text_encoder.call(ids, lengths); // N×L×D
        Tensor there = lengths.WithoutWaiting(h.device);
        // rows past the end are 0, so the sum is over words
        Tensor? mean = tcge is null || Options.Residual ? h.sum(1) / there.unsqueeze(1) : null;
        return Unit(Gated(mean, tcge?.call(h, there), text_gate));
    }

    // What is there of a plain average and the modules' correction of it.
    private static Tensor Gated(Tensor? plain, Tensor? correction, Parameter? gate) =>
        plain is null ? correction! : correction is null ? plain : plain + correction * gate!;

    /// <summary>The cosine of every image with every caption: N×M.</summary>
    /// <param name="images">N×D, any norm.</param>
    /// <param name="captions">M×D, any norm.</param>
    public static Tensor Similarity(Tensor images, Tensor captions) => Unit(images).matmul(Unit(captions).transpose(0, 1));

    /// <summary>Divides each row by its L2 norm + 1e-8.</summary>
    public static Tensor Unit(Tensor rows) => rows / (rows.norm(1, keepdim: true) + NormFloor);

    /// <summary>Freezes the backbone's weights; the paper's default.</summary>
    /// <param name="batchNormStillTrains">
    /// Whether its running statistics are still updated in training mode, as in the authors' implementation.
    /// </param>
    public void FreezeBackbone(bool batchNormStillTrains = true)
    {
        foreach (Parameter parameter in image_encoder.Backbone.parameters()) parameter.requires_grad = false;
        image_encoder.BackboneFrozen = true;
        SetBackboneBatchNorm(batchNormStillTrains);
    }

    /// <summary>Runs the matrix products of a pretrained text tower in bfloat16 in training mode; no effect on the GRU.</summary>
    public void TextInBfloat16()
    {
        if (text_encoder is MiniLmTextTower pretrained) pretrained.Bfloat16 = true;
    }

    /// <summary>
    /// Freezes a pretrained text tower, without dropout, except for its map to the embedding; no effect on the GRU.
    /// </summary>
    public void FreezeText()
    {
        foreach (Parameter parameter in PretrainedTextParameters()) parameter.requires_grad = false;
        _textFrozen = Options.TextTower == SwanTextTower.MiniLm;
        train(training);
    }

    /// <summary>Freezes the backbone's weights up to its stem features.</summary>
    public void FreezeStem() => image_encoder.Backbone.FreezeStem();

    /// <summary>Sets whether the backbone's batch-norm layers use batch statistics and update running ones in training mode.</summary>
    /// <remarks>The default is that they do.</remarks>
    public void SetBackboneBatchNorm(bool train)
    {
        _batchNormTrains = train;
        this.train(training);
    }

    /// <summary>
    /// Makes all batch-norm layers, SWAN's own too, normalize by the statistics that they have, in training mode as well.
    /// </summary>
    internal void FixBatchNorms()
    {
        _batchNormsFixed = true;
        train(training);
    }

    /// <inheritdoc/>
    public override void train(bool on = true)
    {
        base.train(on);
        if (on && !_batchNormTrains) image_encoder.Backbone.eval();
        foreach (nn.Module norm in on && _batchNormsFixed ? modules().Where(m => m is BatchNorm1d or BatchNorm2d) : []) norm.eval();
        if (on && _textFrozen) text_encoder.eval();
    }

    /// <summary>The trainable parameters with their names, without frozen ones and those without a gradient in the variant.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> LearningParameters()
    {
        var dead = new List<string> { UnusedProjection };
        if (image_encoder.UnusedClassifier is { } classifier) dead.Add(classifier);
        if (Options.Variant == SwanVariant.Reference) dead.AddRange(DeadInReference);
        return named_parameters().Where(p => p.parameter.requires_grad && !dead.Any(d => p.name.StartsWith(d, StringComparison.Ordinal)));
    }

    /// <summary>
    /// The parameters of a pretrained text tower, for a learning rate of their own; none if it learns from scratch.
    /// </summary>
    public IEnumerable<Parameter> PretrainedTextParameters() => Options.TextTower == SwanTextTower.MiniLm
        ? text_encoder.named_parameters().Where(p => !p.name.StartsWith("head.", StringComparison.Ordinal)).Select(p => p.parameter) : [];

    /// <summary>The backbone's parameters, for a learning rate of their own.</summary>
    public IEnumerable<Parameter> BackboneParameters() => image_encoder.Backbone.parameters();

    internal Backbone Backbone => image_encoder.Backbone;

    internal TextTower Text => text_encoder;
}
