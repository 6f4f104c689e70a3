using System.Globalization;
using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Text;

public sealed class LetterFormsTests
{
    private static readonly string[] Letters = [.. "abcdefghijklmnopqrstuvwxyz".Select(c => $"{c}")];
    private static readonly string[] Other = ["æ", "ø", "ʒ"];

    private static readonly ICaptionTokenizer[] Tokenizers =
    [
        new WordPieceCaptionTokenizer(
            ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Letters, .. Letters.Select(l => $"##{l}"), .. Other]),
        new WordCaptionTokenizer(WordVocabulary.Build([.. Letters, .. Other], minimumCount: 1, keepStopWords: true)),
    ];

    [Fact]
    public void Every_Latin_letter_with_accents_equals_its_decomposed_form_and_its_base()
    {
        int[][] letters = [.. Lines("letters-with-accents.txt").Select(line => line.Select(Hexadecimal).ToArray())];
        Assert.InRange(letters.Length, 490, 510);
        Assert.Empty(letters.Select(l => (Composed: Text(l[..1]), Decomposed: Text(l[1..]), Base: l[1] == 0x17F ? "s" : Text(l[1..2])))
            .SelectMany(l => Tokenizers.Where(t => !Same(t, l.Composed, l.Decomposed) || !Same(t, l.Composed, l.Base))
                .Select(t => $"{t.Contract}: {l.Composed}")));
    }

    [Fact]
    public void Every_other_form_of_a_letter_is_that_letter()
    {
        string[][] rows = [.. Lines("letters-in-other-forms.txt")];
        (string Form, string Letter)[] forms = [.. rows.SelectMany(row => Enumerable
            .Range(Hexadecimal(row[0]), Hexadecimal(row[1]) - Hexadecimal(row[0]) + 1)
            .Select((c, i) => (Text([c]), row[2][i].ToString())))];
        Assert.InRange(forms.Length, 900, 1000);
        Assert.Empty(Different(forms));
    }

    // Unicode has no plain form for them.
    [Theory]
    [InlineData(0x1F150)]
    [InlineData(0x1F170)]
    public void A_letter_on_a_dark_circle_or_square_is_that_letter(int first) =>
        Assert.Empty(Different([.. Letters.Select((letter, i) => (Text([first + i]), letter))]));

    [Theory]
    [InlineData("Ⅰ Ⅱ Ⅲ Ⅳ Ⅴ Ⅵ Ⅶ Ⅷ Ⅸ Ⅹ Ⅺ Ⅻ Ⅼ Ⅽ Ⅾ Ⅿ")]
    [InlineData("ⅰ ⅱ ⅲ ⅳ ⅴ ⅵ ⅶ ⅷ ⅸ ⅹ ⅺ ⅻ ⅼ ⅽ ⅾ ⅿ")]
    public void Roman_numerals_are_their_letters(string numerals) =>
        Assert.Equal(Tokenizers[0].Tokenize("i ii iii iv v vi vii viii ix x xi xii l c d m").Ids, Tokenizers[0].Tokenize(numerals).Ids);

    [Theory]
    [InlineData("Ploie\u0219ti")]
    [InlineData("PLOIE\u0218TI")]
    [InlineData("\u212Bngstrom")]
    [InlineData("Bra\u0219ov Gala\u021Bi")]
    [InlineData("L\u01D4 H\u01CEi Qu\u1EA3ng Ng\u00E3i")]
    public void A_place_name_is_known_in_any_form(string name) =>
        Assert.DoesNotContain(Array.IndexOf(((WordPieceCaptionTokenizer)Tokenizers[0]).Tokens.ToArray(), "[UNK]"),
            Tokenizers[0].Tokenize(name).Ids);

    private static IEnumerable<string> Different((string Form, string Letter)[] forms) => forms
        .SelectMany(f => Tokenizers.Where(t => !Same(t, f.Form, f.Letter)).Select(t => $"{t.Contract}: {f.Form} is not {f.Letter}"));

    private static bool Same(ICaptionTokenizer tokenizer, string first, string second)
    {
        TokenizedCaption known = tokenizer.Tokenize(second);
        int unknown = tokenizer is WordCaptionTokenizer words ? words.Vocabulary.UnknownId : 1;
        return !known.Ids.Contains(unknown) && known.Ids.AsSpan().SequenceEqual(tokenizer.Tokenize(first).Ids);
    }

    private static string Text(int[] characters) => string.Concat(characters.Select(char.ConvertFromUtf32));

    private static int Hexadecimal(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static IEnumerable<string[]> Lines(string resource)
    {
        using var reader = new StreamReader(typeof(LetterFormsTests).Assembly.GetManifestResourceStream(resource)!);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#')) yield return line.Split(' ');
        }
    }
}
