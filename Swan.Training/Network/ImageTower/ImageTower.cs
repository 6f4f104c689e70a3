using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>The backbone, the filter of the salient features, and VMSF: what checkpoints call <c>image_encoder</c>.</summary>
internal sealed class ImageTower : Module<Tensor, ImageFeatures>
{
    private readonly ResNet? resnet;
    private readonly EfficientNetLite0? lite0;
    private readonly SmallConvNet? small_convnet;
    private readonly Vmsf? vmsf;
    private readonly Linear? @global, plain;
    private readonly Sequential? conv_filter;

    public ImageTower(SwanNetworkOptions options) : base(nameof(ImageTower))
    {
        switch (options.Backbone)
        {
            case SwanBackbone.ResNet50: resnet = ResNet.Create50(); break;
            case SwanBackbone.ResNet18: resnet = ResNet.Create18(); break;
            case SwanBackbone.SmallConvNet: small_convnet = new SmallConvNet(); break;
            default: lite0 = new EfficientNetLite0(); break;
        }

        BackboneShape shape = Backbone.Shape;
        int width = options.EmbeddingSize;
        if (options.UseVmsf) vmsf = new Vmsf(shape.Scale1Channels, shape.Scale2Channels, shape.Scale3Channels, width, options.DropoutScale);
        else if (options.HasAggregation) @global = Linear(shape.Scale3Channels, width);
        if (options.Residual) plain = Linear(shape.Scale3Channels, width);
        if (options.UseSfgs)
            conv_filter = Sequential(("0", Conv2d(shape.StemChannels, options.SalientChannels, 1, bias: false)), ("1", BatchNorm2d(options.SalientChannels)), ("2", ReLU()));
        RegisterComponents();
    }

    public Backbone Backbone => (Backbone?)resnet ?? (Backbone?)lite0 ?? small_convnet!;

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
