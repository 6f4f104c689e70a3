namespace Swan.MLNet.Tests.Transforms;

public sealed class NumberRow
{
    public float Text { get; set; }

    public float Image { get; set; }
}
