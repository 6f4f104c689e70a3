namespace Swan.MLNet.Tests.Transforms;

public sealed class OtherRow
{
    public string Elsewhere { get; set; } = "";
}
