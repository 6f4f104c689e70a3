using static TorchSharp.torch;

namespace Swan.Training.Network;

/// <summary>What a backbone finds in a batch of images with side S.</summary>
/// <param name="Stem">x₀: N×C₀×S/4×S/4.</param>
/// <param name="Scale1">d₁: N×C₁×S/8×S/8.</param>
/// <param name="Scale2">d₂: N×C₂×S/16×S/16.</param>
/// <param name="Scale3">d₃: N×C₃×S/32×S/32.</param>
public readonly record struct BackboneFeatures(Tensor Stem, Tensor Scale1, Tensor Scale2, Tensor Scale3);
