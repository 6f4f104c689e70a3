namespace Swan.MLNet.Calibration;

/// <summary>What a model knows of a text's words.</summary>
/// <remarks>
/// It hides nothing: whoever asks decides what to do. A text of kind <see cref="SwanTextKind.English"/> may have unknown words, such as a
/// misspelled one.
/// </remarks>
/// <param name="Kind">What the text is.</param>
/// <param name="UnknownWords">
/// The words that neither the training captions nor the vocabulary have as English, in their order and in lower case, each once.
/// </param>
public sealed record SwanTextVerdict(SwanTextKind Kind, IReadOnlyList<string> UnknownWords)
{
    private const int MaxNamed = 8;

    /// <summary>Whether the text is English with known words.</summary>
    public bool IsKnown => Kind == SwanTextKind.English;

    /// <summary>A sentence for people; null where there is nothing to say.</summary>
    public string? Warning => Kind switch
    {
        SwanTextKind.OtherLanguage => $"The query is not English, as far as its words tell (unknown: {Named}). The model knows English "
            + "captions only, so its results mean little. Ask in English.",
        SwanTextKind.UnknownWords => $"The model does not know most words of the query ({Named}), so its results mean little. Ask in other "
            + "words.",
        _ => null,
    };

    private string Named => string.Join(", ", UnknownWords.Take(MaxNamed).Select(word => $"'{word}'"))
        + (UnknownWords.Count > MaxNamed ? $" and {UnknownWords.Count - MaxNamed} more" : "");
}
