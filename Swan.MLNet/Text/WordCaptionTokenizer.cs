namespace Swan.MLNet.Text;

/// <summary>The paper's tokenizer, contract <c>swan-text-1</c>: words of a <see cref="WordVocabulary"/>.</summary>
public sealed class WordCaptionTokenizer : ICaptionTokenizer
{
    /// <summary>The contract's name.</summary>
    public const string SwanText1 = "swan-text-1";

    /// <summary>Makes the tokenizer.</summary>
    /// <param name="vocabulary">The known words.</param>
    /// <param name="maximumLength">The most words that a caption keeps, from 1. Default 64; the longest caption of RSICD has 34.</param>
    public WordCaptionTokenizer(WordVocabulary vocabulary, int maximumLength = 64)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumLength, 1);
        (Vocabulary, MaxLength) = (vocabulary, maximumLength);
    }

    /// <summary>The known words.</summary>
    public WordVocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public string Contract => SwanText1;

    /// <inheritdoc/>
    public int MaxLength { get; }

    /// <inheritdoc/>
    public int VocabularySize => Vocabulary.UnknownId + 1;

    /// <inheritdoc/>
    public int PaddingId => 0;

    /// <inheritdoc/>
    public TokenizedCaption Tokenize(string caption)
    {
        ArgumentNullException.ThrowIfNull(caption);
        string text = CaptionText.Normalize(caption, CaptionText.CharactersPerToken * MaxLength, out bool cut);
        IReadOnlyList<string> words = CaptionWords.SplitNormalized(text);
        if (words.Count == 0) return new([PaddingId], Truncated: cut);
        var ids = new int[Math.Min(words.Count, MaxLength)];
        for (int i = 0; i < ids.Length; i++) ids[i] = Vocabulary.IdOf(words[i]);
        return new(ids, Truncated: cut || words.Count > MaxLength) { HasWords = Array.Exists(ids, Vocabulary.IsWord) };
    }

    /// <inheritdoc/>
    public void SaveVocabulary(Stream destination) => Vocabulary.Save(destination);
}
