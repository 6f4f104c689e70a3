using Swan.MLNet.Text;

namespace Swan.Training.DataLoading;

/// <summary>A set's captions as token ids, and which of them are the same to the text tower.</summary>
internal sealed class TokenizedCaptions
{
    private readonly int[][] _ids;

    private TokenizedCaptions(int[][] ids, int[] keys, int distinct, int truncated, int paddingId)
        => (_ids, Keys, Distinct, Truncated, PaddingId) = (ids, keys, distinct, truncated, paddingId);

    /// <summary>How many captions.</summary>
    public int Count => _ids.Length;

    /// <summary>One caption's ids, without padding; at least one.</summary>
    public ReadOnlySpan<int> this[int caption] => _ids[caption];

    /// <summary>For each caption a number below <see cref="Distinct"/>, equal where the ids are.</summary>
    public IReadOnlyList<int> Keys { get; }

    /// <summary>How many different captions.</summary>
    public int Distinct { get; }

    /// <summary>How many captions were longer than the model's limit and have been cut.</summary>
    public int Truncated { get; }

    /// <summary>The id that fills a batch's shorter captions.</summary>
    public int PaddingId { get; }

    /// <summary>Tokenizes captions once for a whole run.</summary>
    public static TokenizedCaptions Create(IReadOnlyList<string> captions, ICaptionTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(captions);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var ids = new int[captions.Count][];
        var keys = new int[captions.Count];
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        int truncated = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            TokenizedCaption caption = tokenizer.Tokenize(captions[i]);
            ids[i] = caption.Ids;
            truncated += caption.Truncated ? 1 : 0;
            string text = string.Join(' ', caption.Ids);
            if (!seen.TryGetValue(text, out keys[i]))
                seen[text] = keys[i] = seen.Count;
        }
        return new(ids, keys, seen.Count, truncated, tokenizer.PaddingId);
    }
}
