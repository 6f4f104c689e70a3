using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>The backbone, the filter of the salient features, and VMSF: what checkpoints call <c>image_encoder</c>.</summary>
internal sealed class ImageTower : Module<Tensor, ImageFeatures>
{
    // A pair, as TorchSharp registers a field that is a module under the field's name, and checkpoints name the backbone.
    private readonly (BackboneSpec Spec, Backbone Module) _backbone;
    private readonly Vmsf? vmsf;
    private readonly Linear? @global, plain;
    private readonly Sequential? conv_filter;

    public ImageTower(SwanNetworkOptions options) : base(nameof(ImageTower))
    {
        BackboneSpec spec = SwanBackbones.Find(options.Backbone);
        _backbone = (spec, spec.Create());
        register_module(spec.CheckpointPrefix, Backbone);
        BackboneShape shape = Backbone.Shape;
        int width = options.EmbeddingSize;
        if (options.UseVmsf) vmsf = new Vmsf(shape.Scale1Channels, shape.Scale2Channels, shape.Scale3Channels, width, options.DropoutScale);
        else if (options.HasAggregation) @global = Linear(shape.Scale3Channels, width);
        if (options.Residual) plain = Linear(shape.Scale3Channels, width);
        if (options.UseSfgs)
        {
            conv_filter = Sequential(("0", Conv2d(shape.StemChannels, options.SalientChannels, 1, bias: false)),
                ("1", BatchNorm2d(options.SalientChannels)), ("2", ReLU()));
        }
        RegisterComponents();
    }

    public Backbone Backbone => _backbone.Module;

    /// <summary>The backbone's classifier in a checkpoint, which nothing uses; null where it has none.</summary>
    public string? UnusedClassifier => Backbone.Classifier is { } layer ? $"{_backbone.Spec.CheckpointName}.{layer}." : null;

    /// <summary>When set, the backbone's weights don't learn, so its graph isn't recorded.</summary>
    public bool BackboneFrozen { get; set; }

    /// <summary>N×3×S×S → what the network's other modules go on with.</summary>
    public override ImageFeatures forward(Tensor pixels)
    {
        BackboneFeatures features;
        using (BackboneFrozen ? no_grad() : null) features = Backbone.call(pixels);
        Tensor? average = @global is null && plain is null ? null : features.Scale3.mean([2, 3]); // N×C₃
        return new(
            conv_filter?.call(features.Stem),
            vmsf?.call(features.Scale1, features.Scale2, features.Scale3) ?? @global?.call(average!),
            plain?.call(average!));
    }
}

/// <summary>What the backbone's side of the image tower gives; null where the options switch it off.</summary>
/// <param name="Salient">s, N×C×S/4×S/4, for SFGS.</param>
/// <param name="Global">g, N×D.</param>
/// <param name="Plain">The last scale's average, mapped to N×D, for a residual network.</param>
internal readonly record struct ImageFeatures(Tensor? Salient, Tensor? Global, Tensor? Plain);
