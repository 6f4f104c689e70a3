using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace Swan.MLNet.Text;

/// <summary>
/// BERT's WordPiece, contract <c>wordpiece-1</c>: lower case, accents of Latin letters stripped, <c>[CLS]</c> text <c>[SEP]</c>.
/// </summary>
/// <remarks>
/// For pretrained text towers. A word outside the vocabulary is spelled from pieces, so few words are unknown. Safe for concurrent use.
/// </remarks>
public sealed class WordPieceCaptionTokenizer : ICaptionTokenizer
{
    /// <summary>The contract's name.</summary>
    public const string WordPiece1 = "wordpiece-1";

    private const string Padding = "[PAD]", Start = "[CLS]", End = "[SEP]", Unknown = "[UNK]", Mask = "[MASK]";

    /// <summary>The tokens that are marks, not text.</summary>
    internal static readonly string[] Special = [Padding, Unknown, Start, End, Mask];

    private readonly BertTokenizer _tokenizer;
    private readonly int _start, _end;
    private readonly bool[] _isWord;

    /// <summary>Makes the tokenizer.</summary>
    /// <param name="tokens">
    /// The vocabulary: a token's place is its id. It has <c>[PAD]</c>, <c>[UNK]</c>, <c>[CLS]</c>, <c>[SEP]</c> and <c>[MASK]</c>.
    /// </param>
    /// <param name="maximumLength">
    /// The most tokens that a caption keeps, <c>[CLS]</c> and <c>[SEP]</c> included: 3 or more. Default 64.
    /// </param>
    /// <exception cref="SwanFormatException">The vocabulary lacks a special token, or has one twice.</exception>
    public WordPieceCaptionTokenizer(IReadOnlyList<string> tokens, int maximumLength = 64)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumLength, 3);
        (Tokens, MaxLength) = (tokens, maximumLength);
        PaddingId = IdOf(Padding);
        _start = IdOf(Start);
        _end = IdOf(End);
        foreach (string special in Special) IdOf(special);
        for (int i = 0; i < tokens.Count; i++)
        {
            // The library reads one token a line: a line break would shift the ids of all that follow.
            if (tokens[i].AsSpan().ContainsAny('\r', '\n'))
            {
                throw new SwanFormatException(
                    $"Token {i} of the WordPiece vocabulary has a line break; expected none. It would shift all "
                    + "later ids. Give one token per line.");
            }
        }
        _isWord = WordPieceWords.Find(tokens);
        using var lines = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', tokens)));
        _tokenizer = BertTokenizer.Create(lines, new BertOptions { LowerCaseBeforeTokenization = true, RemoveNonSpacingMarks = false });
    }

    /// <summary>The vocabulary: a token's place is its id.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <inheritdoc/>
    public string Contract => WordPiece1;

    /// <inheritdoc/>
    public int MaxLength { get; }

    /// <inheritdoc/>
    public int VocabularySize => Tokens.Count;

    /// <inheritdoc/>
    public int PaddingId { get; }

    /// <summary>Reads a vocabulary in BERT's published form: one token per line, with the line number (from 0) as its id.</summary>
    /// <exception cref="SwanFormatException">A special token is missing.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static WordPieceCaptionTokenizer LoadText(string path, int maximumLength = 64)
    {
        FilePath.ThrowIfNotText(path);
        return new(File.ReadAllLines(path), maximumLength);
    }

    /// <summary>Reads the output of <see cref="SaveVocabulary"/>.</summary>
    /// <exception cref="SwanFormatException">It is not a JSON array of tokens, or a special token is missing.</exception>
    public static WordPieceCaptionTokenizer Load(ReadOnlyMemory<byte> json, int maximumLength = 64)
    {
        try
        {
            VocabularyLimit.Check(json.Span, "The WordPiece vocabulary");
            string?[] tokens = JsonSerializer.Deserialize(json.Span, TokensJson.Default.StringArray) ?? [];
            return tokens.Contains(null)
                ? throw new SwanFormatException(
                    $"Token {Array.IndexOf(tokens, null)} of the WordPiece vocabulary is null; expected text. The file is "
                    + "damaged: export the model again.")
                : new(tokens!, maximumLength);
        }
        catch (JsonException e)
        {
            throw new SwanFormatException(
                $"The WordPiece vocabulary is not a JSON array of tokens: {e.Message} Export the model again.", e);
        }
    }

    /// <inheritdoc/>
    public TokenizedCaption Tokenize(string caption)
    {
        ArgumentNullException.ThrowIfNull(caption);
        string text = CaptionText.Normalize(caption, CaptionText.CharactersPerToken * MaxLength, out bool cut);
        // The library takes "[pad]" in a text for the mark. A bracket apart is the same token as before, and marks can't be written.
        string plain = LatinAccents.Strip(text).Replace("[", "[ ", StringComparison.Ordinal);
        IReadOnlyList<int> pieces = _tokenizer.EncodeToIds(plain, addSpecialTokens: false);
        int kept = Math.Min(pieces.Count, MaxLength - 2);
        var ids = new int[kept + 2];
        ids[0] = _start;
        for (int i = 0; i < kept; i++) ids[i + 1] = pieces[i];
        ids[^1] = _end;
        return new(ids, Truncated: cut || kept < pieces.Count) { HasWords = Array.Exists(ids, id => _isWord[id]) };
    }

    /// <summary>
    /// The same tokenizer with a smaller vocabulary and new ids, in the old order: the most frequent tokens, and those in the captions.
    /// </summary>
    /// <remarks>
    /// A text whose tokens all stay keeps exactly these tokens. Other words are spelled from shorter ones. Single characters stay (within
    /// words those of Latin text), so no word becomes unknown. But a caption may have more tokens, and reach <see cref="MaxLength"/>
    /// sooner.
    /// </remarks>
    /// <param name="mostTokens">The maximum number of tokens. A vocabulary with no more is unchanged.</param>
    /// <param name="captions">Texts whose tokens all stay, such as a text tower's training captions.</param>
    /// <exception cref="SwanOptionsException">More tokens must stay than <paramref name="mostTokens"/> allows.</exception>
    public WordPieceCaptionTokenizer Prune(int mostTokens, IEnumerable<string> captions)
    {
        ArgumentNullException.ThrowIfNull(captions);
        return mostTokens >= VocabularySize ? this : WithOnly(WordPiecePruning.Kept(this, mostTokens, captions));
    }

    internal WordPieceCaptionTokenizer WithOnly(int[] ids) => new([.. ids.Select(id => Tokens[id])], MaxLength);

    /// <inheritdoc/>
    public void SaveVocabulary(Stream destination) =>
        JsonSerializer.Serialize(destination, Tokens, TokensJson.Default.IReadOnlyListString);

    private int IdOf(string special)
    {
        int[] found = [.. Enumerable.Range(0, Tokens.Count).Where(i => Tokens[i] == special)];
        return found.Length == 1 ? found[0]
            : throw new SwanFormatException(
                $"The WordPiece vocabulary of {Tokens.Count:N0} tokens has {special} {found.Length} times; expected once. "
                + "It is not a BERT vocabulary. Give one token per line, with the line number as its id.");
    }
}
