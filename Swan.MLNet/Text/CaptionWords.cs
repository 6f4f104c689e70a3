using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Swan.MLNet.Text;

/// <summary>
/// The words of a caption as <c>swan-text-1</c> sees them: lower case, Treebank tokens sentence by sentence, without punctuation. Source:
/// docs/spec/network.md, section 1.
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
        [.. CaptionSentences.Split(WithoutOtherPunctuation(caption).ToLowerInvariant())
            .SelectMany(TreebankTokenizer.Tokenize)
            .Where(token => !Punctuation.Contains(token))];

    // The Treebank's rules know ASCII and quotes. Other punctuation, such as a dash without blanks, would glue words.
    private static string WithoutOtherPunctuation(string caption) => Ascii.IsValid(caption) ? caption
        : string.Concat(caption.Select(c => IsOtherPunctuation(c) ? ' ' : c));

    private static bool IsOtherPunctuation(char c) => c is > '\u007F' and not '„' && char.GetUnicodeCategory(c)
        is UnicodeCategory.DashPunctuation or UnicodeCategory.OtherPunctuation or UnicodeCategory.OpenPunctuation
        or UnicodeCategory.ClosePunctuation or UnicodeCategory.ConnectorPunctuation;
}
