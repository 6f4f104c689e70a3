namespace Swan.MLNet.Calibration;

/// <summary>What a model knows of a text's words.</summary>
/// <remarks>
/// It hides no results: the caller decides what to do. A text of kind <see cref="SwanTextKind.English"/> may have unknown words, such as a
/// misspelled one.
/// </remarks>
/// <param name="Kind">What the text is.</param>
/// <param name="UnknownWords">
/// The words that neither the training captions nor the vocabulary have as English, in order and in lower case, each once.
/// </param>
public sealed record SwanTextVerdict(SwanTextKind Kind, IReadOnlyList<string> UnknownWords)
{
    private const int MaxNamed = 8;

    /// <summary>Whether the text is English with known words.</summary>
    public bool IsKnown => Kind == SwanTextKind.English;

    /// <summary>A message for users; null if there is nothing to report.</summary>
    public string? Warning => Kind switch
    {
        SwanTextKind.OtherLanguage => $"The query does not look like English (unknown: {Named}). The model knows only English captions, so "
            + "its results mean little. Ask in English.",
        SwanTextKind.UnknownWords => $"The model does not know most words of the query ({Named}), so its results mean little. Ask in other "
            + "words.",
        _ => null,
    };

    private string Named => string.Join(", ", UnknownWords.Take(MaxNamed).Select(word => $"'{word}'"))
        + (UnknownWords.Count > MaxNamed ? $" and {UnknownWords.Count - MaxNamed} more" : "");
}
