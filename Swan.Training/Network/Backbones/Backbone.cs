using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Network;

/// <summary>A convolutional network that the image tower stands on. Source: docs/spec/network.md, section 2, step 1.</summary>
internal abstract class Backbone : nn.Module<Tensor, BackboneFeatures>
{
    /// <summary>Names the module and its shape.</summary>
    protected Backbone(string name, BackboneShape shape) : base(name) => Shape = shape;

    /// <summary>Channel counts of the features.</summary>
    public BackboneShape Shape { get; }

    /// <summary>The layer that classified images in pretraining: files of weights may have it, the image tower never uses it.</summary>
    public virtual string? Classifier => null;

    /// <summary>Whether weights of it exist that were trained on other images, so that starting at random wastes something.</summary>
    public virtual bool CanBePretrained => true;

    /// <summary>Whether the weights before the stem features are kept from learning. See <see cref="FreezeStem"/>.</summary>
    /// <remarks>No graph of them is recorded then.</remarks>
    public bool StemFrozen { get; private set; }

    /// <summary>Keeps the weights before the stem features as they are.</summary>
    /// <remarks>What they see, edges and colors, is the same in all photographs, and their gradients cost most.</remarks>
    public void FreezeStem()
    {
        foreach (Parameter parameter in StemParameters()) parameter.requires_grad = false;
        StemFrozen = true;
    }

    /// <inheritdoc/>
    public sealed override BackboneFeatures forward(Tensor pixels)
    {
        Tensor stem;
        using (StemFrozen ? no_grad() : null) stem = Stem(pixels);
        (Tensor d1, Tensor d2, Tensor d3) = Scales(stem);
        return new(stem, d1, d2, d3);
    }

    /// <summary>The parameters of what <see cref="Stem"/> computes.</summary>
    protected abstract IEnumerable<Parameter> StemParameters();

    /// <summary>Pixels N×3×S×S → x₀ N×C₀×S/4×S/4.</summary>
    protected abstract Tensor Stem(Tensor pixels);

    /// <summary>x₀ → d₁, d₂, d₃.</summary>
    protected abstract (Tensor Scale1, Tensor Scale2, Tensor Scale3) Scales(Tensor stem);
}
