namespace Swan.Testing;

public sealed class NumberRow
{
    public float Text { get; set; }

    public float Image { get; set; }
}
