namespace Swan.MLNet.Text;

/// <summary>Turns a caption into the token ids of one text tower.</summary>
/// <remarks>
/// The model card names the contract. Implementations are immutable and safe for concurrent use. Training and serving use the same one.
/// </remarks>
public interface ICaptionTokenizer
{
    /// <summary>The contract's name, such as <c>swan-text-1</c>.</summary>
    string Contract { get; }

    /// <summary>The most tokens that a caption keeps; the rest is cut and <see cref="TokenizedCaption.Truncated"/> says so.</summary>
    int MaxLength { get; }

    /// <summary>Ids are in [0, <see cref="VocabularySize"/>), padding and unknown included.</summary>
    int VocabularySize { get; }

    /// <summary>The id that fills a batch's shorter captions.</summary>
    int PaddingId { get; }

    /// <summary>Tokenizes one caption; the result has at least one id, also for an empty caption.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="caption"/> is null.</exception>
    TokenizedCaption Tokenize(string caption);

    /// <summary>Writes what is needed to rebuild this tokenizer.</summary>
    void SaveVocabulary(Stream destination);
}
