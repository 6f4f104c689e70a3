namespace Swan.MLNet.ModelFiles;

/// <summary>One measured figure.</summary>
/// <param name="Name">Such as <c>mR</c>.</param>
/// <param name="Value">In the metric's own unit; recalls are percentages.</param>
/// <param name="Data">The data it was measured on, such as <c>val.jsonl (1089 images)</c>.</param>
public sealed record CardMetric(string Name, double Value, string Data);
