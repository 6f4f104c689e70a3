using TorchSharp.Modules;

namespace Swan.Training;

/// <summary>Parameters that share a learning rate and a decay.</summary>
/// <param name="Rate">Before the schedule's factor.</param>
/// <param name="Decay">Of AdamW; 0 for none.</param>
/// <param name="Parameters">At least one.</param>
internal sealed record ParameterGroup(double Rate, double Decay, IReadOnlyList<(string Name, Parameter Parameter)> Parameters);

/// <summary>Where a group's numbers lie in the long tensors of <see cref="FlatParameters"/>.</summary>
/// <param name="Start">From 0.</param>
/// <param name="Length">Numbers.</param>
/// <param name="Rate">The group's.</param>
/// <param name="Decay">The group's.</param>
internal readonly record struct FlatRange(long Start, long Length, double Rate, double Decay);
