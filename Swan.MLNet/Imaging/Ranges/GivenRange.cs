namespace Swan.MLNet.Imaging;

/// <summary>How the images of an embedding column or of an index were read: in the range that the caller gave, or by the model's rule.
/// </summary>
/// <param name="Range">Null: the caller gave none.</param>
/// <remarks>Captions have none at all, and neither have embeddings that nobody said more of: they agree with all.</remarks>
internal sealed record GivenRange(SampleRange? Range)
{
    private const string ByModel = "model";

    /// <summary>Whether embeddings of the two can be compared.</summary>
    public static bool Agree(GivenRange? a, GivenRange? b) => a is null || b is null || a == b;

    /// <summary>What an annotation and an index keep.</summary>
    public string Text => Range?.ToString() ?? ByModel;

    /// <summary>Reads <see cref="Text"/>.</summary>
    /// <returns>False where it is something else.</returns>
    public static bool TryParse(string text, out GivenRange? given)
    {
        given = text == ByModel ? new GivenRange((SampleRange?)null)
            : SampleRange.TryParse(text, out SampleRange? range) ? new GivenRange(range)
            : null;
        return given is not null;
    }

    /// <summary>What follows from a disagreement, for messages.</summary>
    public const string Consequence =
        "the same scene would be bright in one and dark in the other. Give both the same range (Range of the options, or --range). Where "
        + "all images have 8 bits, which no range changes, SwanIndex.ForRange(null) says so";

    /// <summary>For messages, such as <c>the range 'values 0 3000'</c>.</summary>
    public override string ToString() => Range is null ? "the model's own range" : $"the range '{Range}'";
}
