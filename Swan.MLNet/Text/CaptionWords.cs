using System.Collections.Frozen;

namespace Swan.MLNet.Text;

/// <summary>The words of a caption as <c>swan-text-1</c> sees them: lower case, Treebank tokens sentence by sentence, without punctuation. Source: spec, section 1.</summary>
internal static class CaptionWords
{
    private static readonly FrozenSet<string> Punctuation =
        new[] { ",", ".", ":", ";", "?", "(", ")", "[", "]", "&", "!", "*", "@", "#", "$", "%" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The caption's words in order; none for an empty caption.</summary>
    public static IReadOnlyList<string> Split(string caption)
    {
        ArgumentNullException.ThrowIfNull(caption);
        return [.. CaptionSentences.Split(caption.ToLowerInvariant()).SelectMany(TreebankTokenizer.Tokenize).Where(token => !Punctuation.Contains(token))];
    }
}
