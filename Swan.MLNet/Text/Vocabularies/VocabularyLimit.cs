using System.Globalization;
using System.Text.Json;

namespace Swan.MLNet.Text;

/// <summary>How many words a vocabulary file may list, checked before a word is made of any.</summary>
/// <remarks>A word of one letter takes four bytes of JSON and a hundred bytes of memory.</remarks>
internal static class VocabularyLimit
{
    /// <summary>Twice the size of the largest multilingual vocabularies, including those that list each word twice.</summary>
    public const int MostTexts = 1_000_000;

    /// <summary>Refuses a file with more texts than a vocabulary has.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="SwanFormatException">It has more.</exception>
    public static void Check(ReadOnlySpan<byte> json, string name)
    {
        // Each text has two quotes; most files have so few bytes that none need be counted.
        if (json.Length / 2 <= MostTexts) return;
        var reader = new Utf8JsonReader(json);
        for (int texts = 0; reader.Read();)
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || ++texts <= MostTexts) continue;
            throw new SwanFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"{name} lists over {MostTexts:N0} words, more than a vocabulary has. It was not read: export the model again."));
        }
    }
}
