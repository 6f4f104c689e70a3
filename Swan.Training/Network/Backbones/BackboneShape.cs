namespace Swan.Training.Network;

/// <summary>What the image tower needs of a backbone: stem features at stride 4 and three scales at strides 8, 16 and 32.</summary>
/// <param name="StemChannels">Channels of the stem features.</param>
/// <param name="Scale1Channels">Channels of d₁, at stride 8.</param>
/// <param name="Scale2Channels">Channels of d₂, at stride 16.</param>
/// <param name="Scale3Channels">Channels of d₃, at stride 32.</param>
public sealed record BackboneShape(int StemChannels, int Scale1Channels, int Scale2Channels, int Scale3Channels);
