namespace Swan.Testing;

public sealed class FoundRow
{
    public float Number { get; set; }

    public string[] Keys { get; set; } = [];

    public float[] Scores { get; set; } = [];
}
