namespace Swan.MLNet.Text;

/// <summary>The tokenizer contracts that this version implements.</summary>
internal static class CaptionTokenizers
{
    /// <summary>Rebuilds a model's tokenizer.</summary>
    /// <param name="contract">The contract that the model card names.</param>
    /// <param name="vocabulary">What <see cref="ICaptionTokenizer.SaveVocabulary"/> wrote.</param>
    /// <param name="maximumLength">The most tokens that a caption keeps.</param>
    /// <exception cref="SwanFormatException">The contract is unknown, or the vocabulary can't be read.</exception>
    public static ICaptionTokenizer Load(string contract, ReadOnlyMemory<byte> vocabulary, int maximumLength) => contract switch
    {
        WordCaptionTokenizer.SwanText1 => new WordCaptionTokenizer(WordVocabulary.Load(vocabulary), maximumLength),
        WordPieceCaptionTokenizer.WordPiece1 => WordPieceCaptionTokenizer.Load(vocabulary, maximumLength),
        _ => throw new SwanFormatException(
            $"The model takes captions tokenized as '{contract}', but this version implements only '{WordCaptionTokenizer.SwanText1}' and "
            + $"'{WordPieceCaptionTokenizer.WordPiece1}'. Its embeddings would be silently wrong. "
            + "Update Swan.MLNet, or export the model again."),
    };
}
