namespace Swan.MLNet.Text;

/// <summary>Turns a caption into the token ids of one text tower.</summary>
/// <remarks>
/// The model card names the contract. Implementations are immutable and safe for concurrent use. Training and serving use the same
/// tokenizer.
/// </remarks>
public interface ICaptionTokenizer
{
    /// <summary>The contract's name, such as <c>swan-text-1</c>.</summary>
    string Contract { get; }

    /// <summary>The maximum number of tokens; the rest is cut, and <see cref="TokenizedCaption.Truncated"/> is set.</summary>
    int MaxLength { get; }

    /// <summary>The number of ids, which lie in [0, <see cref="VocabularySize"/>), padding and unknown included.</summary>
    int VocabularySize { get; }

    /// <summary>The id that pads a batch's shorter captions.</summary>
    int PaddingId { get; }

    /// <summary>Tokenizes one caption; the result has at least one id, even for an empty caption.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="caption"/> is null.</exception>
    TokenizedCaption Tokenize(string caption);

    /// <summary>Writes the data needed to rebuild this tokenizer.</summary>
    void SaveVocabulary(Stream destination);
}
