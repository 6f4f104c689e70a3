using System.Globalization;
using System.Text;

namespace Swan.MLNet.Text;

/// <summary>A text can't be used as a caption, query or class: the model knows no word of it, or can't distinguish it from another
/// one.</summary>
/// <remarks>
/// The text's author can correct it; the program, the model and the machine are fine. A web application answers with status 400. Models,
/// indexes, embedding generators and zero-shot classes throw it, and so do prediction engines of pipelines whose <c>OnError</c> is
/// <c>Throw</c>. In a pipeline over data it is the inner exception of <see cref="SwanRowException"/>.
/// </remarks>
public sealed class SwanTextException : SwanException
{
    private const int MaxQuoted = 40;

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was found, what was expected, what it means and what to do.</param>
    /// <param name="index">The index of the first such text, from 0; null for a single text.</param>
    public SwanTextException(string message, int? index = null) : base(message) => Index = index;

    /// <summary>The index of the first such text, from 0; null for a single text.</summary>
    public int? Index { get; }

    /// <summary>The model knows no word of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="read">Which part of it was read (<see cref="CaptionText.DescribeRead"/>).</param>
    /// <param name="model">The model's name.</param>
    internal static SwanTextException NoKnownWord(string text, string read, string model) =>
        NoKnownWord(text, read, model, index: null);

    /// <summary>The model knows no word of some texts.</summary>
    /// <param name="texts">The first of them, at least one, by their places, with the part that was read.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="total">How many texts there are.</param>
    /// <param name="model">The model's name.</param>
    internal static SwanTextException NoKnownWord(
        IReadOnlyList<(int Index, string Text, string Read)> texts, int count, int total, string model)
    {
        if (total == 1) return NoKnownWord(texts[0].Text, texts[0].Read, model, texts[0].Index);
        string named = string.Join(", ", texts.Select(t => $"text {t.Index} ({Quote(t.Text)}{t.Read})"));
        string more = count > texts.Count ? $" and {count - texts.Count} more" : "";
        return new($"{count} of {total} texts, {named}{more}, {(count == 1 ? "has" : "have")} {What(model)}", texts[0].Index);
    }

    private static SwanTextException NoKnownWord(string text, string read, string model, int? index) =>
        new($"{(string.IsNullOrWhiteSpace(text) ? "An empty text" : Quote(text))} has {What(model, read)}", index);

    /// <summary>The beginning of a text, in quotes, on one line; invisible characters are shown by their numbers.</summary>
    internal static string Quote(string text)
    {
        int length = Math.Min(text.Length, MaxQuoted);
        // Not half an emoji.
        if (length < text.Length && char.IsHighSurrogate(text[length - 1])) length--;
        return $"'{string.Concat(text[..length].EnumerateRunes().Select(Shown))}{(length < text.Length ? "…" : "")}'";
    }

    private static string Shown(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}") : rune.ToString();

    private static string What(string model, string read = "") =>
        $"no word that the model '{model}' knows{read}, so no image would fit better than another. Describe the image in words that the "
        + "training captions use; the model inside Swan.MLNet knows English.";
}
