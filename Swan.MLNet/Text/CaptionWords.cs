using System.Collections.Frozen;

namespace Swan.MLNet.Text;

/// <summary>
/// The words of a caption as <c>swan-text-1</c> sees them: lower case, Treebank tokens sentence by sentence, without punctuation. Source:
/// spec, section 1.
/// </summary>
internal static class CaptionWords
{
    private static readonly FrozenSet<string> Punctuation =
        new[] { ",", ".", ":", ";", "?", "(", ")", "[", "]", "&", "!", "*", "@", "#", "$", "%" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The caption's words in order; none for an empty caption.</summary>
    public static IReadOnlyList<string> Split(string caption)
    {
        ArgumentNullException.ThrowIfNull(caption);
        return SplitNormalized(CaptionText.Normalize(caption, int.MaxValue, out _));
    }

    /// <summary>The words of a normalized text.</summary>
    internal static IReadOnlyList<string> SplitNormalized(string caption) =>
        [.. CaptionSentences.Split(caption.ToLowerInvariant())
            .SelectMany(TreebankTokenizer.Tokenize)
            .Where(token => !Punctuation.Contains(token))];
}
