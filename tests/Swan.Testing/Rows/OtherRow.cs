namespace Swan.Testing;

public sealed class OtherRow
{
    public string Elsewhere { get; set; } = "";
}
