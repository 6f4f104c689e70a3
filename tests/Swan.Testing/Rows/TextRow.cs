namespace Swan.Testing;

public sealed class TextRow
{
    public string Text { get; set; } = "";

    public float Number { get; set; }
}
