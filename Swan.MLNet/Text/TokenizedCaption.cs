namespace Swan.MLNet.Text;

/// <summary>A caption as token ids.</summary>
/// <param name="Ids">1 to <see cref="ICaptionTokenizer.MaxLength"/> ids, without padding.</param>
/// <param name="Truncated">The caption exceeded the model's limit and was cut.</param>
public readonly record struct TokenizedCaption(int[] Ids, bool Truncated)
{
    /// <summary>Whether at least one of the <see cref="Ids"/> is a word, or a piece of one, that the tokenizer knows.</summary>
    /// <remarks>Without one, the embedding is meaningless.</remarks>
    public bool HasWords { get; init; }
}
