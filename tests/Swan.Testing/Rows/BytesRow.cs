namespace Swan.Testing;

public sealed class BytesRow
{
    /// <summary>A whole image file.</summary>
    public byte[] Image { get; set; } = [];

    public float Number { get; set; }
}
