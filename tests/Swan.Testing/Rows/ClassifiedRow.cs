namespace Swan.Testing;

public sealed class ClassifiedRow
{
    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];
}
