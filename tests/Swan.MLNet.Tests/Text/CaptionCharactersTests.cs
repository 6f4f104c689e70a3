using System.Globalization;
using System.Text;
using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Text;

public sealed class CaptionCharactersTests
{
    private static readonly string[] Words = ["planes", "parked", "at", "an", "airport", "field", "naive", "café"];
    private static readonly string[] Pieces =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "##s", "plane", "park", "##ed", "air", "##port", "-", "cafe", .. Words[..^1]];

    private static readonly ICaptionTokenizer[] Tokenizers =
    [
        new WordPieceCaptionTokenizer(Pieces, 12),
        new WordCaptionTokenizer(WordVocabulary.Build(Words, minimumCount: 1, keepStopWords: true), 12),
    ];

    public static TheoryData<int> FormatCharacters => [.. All()
        .Where(r => Rune.GetUnicodeCategory(r) == UnicodeCategory.Format && r.Value is not (0x180E or 0x200B or 0xFEFF))
        .Select(r => r.Value)];

    public static TheoryData<int> Symbols => [.. All()
        .Where(r => !r.IsAscii && !IsLetter(r.Value) && Rune.GetUnicodeCategory(r)
            is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.OtherNumber)
        .Where((_, i) => i % 25 == 0)
        .Select(r => r.Value)];

    [Theory]
    [MemberData(nameof(FormatCharacters))]
    [InlineData(0xFE0F)]  // an emoji's picture
    [InlineData(0xE0100)]
    public void A_character_that_nobody_sees_leaves_a_word_one_word(int character)
    {
        string hidden = char.ConvertFromUtf32(character);
        Same("planes parked at an airport", $"{hidden}planes{hidden} parked at an air{hidden}{hidden}port");
    }

    [Theory]
    [InlineData(0x200B)]
    [InlineData(0xFEFF)]
    [InlineData(0x3164)] // fillers that look like blanks
    [InlineData(0xFFA0)]
    [InlineData(0x115F)]
    [InlineData(0x1160)]
    [InlineData(0x180E)]
    public void Zero_width_spaces_and_fillers_separate_words(int character)
    {
        string gap = char.ConvertFromUtf32(character);
        Same("planes parked at an airport", gap + string.Join(gap, "planes", "parked", "at an", "airport") + gap);
    }

    [Theory]
    [MemberData(nameof(Symbols))]
    [InlineData(0x1F6A2)] // a ship
    [InlineData(0xE000)]  // an icon font's
    public void Symbols_and_emoji_separate_words_and_are_none(int character)
    {
        string symbol = char.ConvertFromUtf32(character);
        Same("planes airport", $"planes{symbol}airport {symbol}");
        Assert.All(Tokenizers, t => Assert.False(t.Tokenize(symbol).HasWords));
    }

    [Theory]
    [InlineData("ｐｌａｎｅｓ　ａｔ　ａｎ　ＡＩＲＰＯＲＴ", "planes at an airport")]
    [InlineData("𝐩𝐥𝐚𝐧𝐞𝐬 𝕒𝕥 𝒂𝒏 𝙰𝙸𝚁𝙿𝙾𝚁𝚃", "planes at an airport")]
    [InlineData("ⓟⓛⓐⓝⓔⓢ ⒶⓉ", "planes at")]
    [InlineData("an air\uFB01eld \uFB01eld", "an airfield field")]
    [InlineData("planes at an A\u0130RPORT", "planes at an airport")]
    [InlineData("planes at an a\u0131rport", "planes at an airport")]
    public void Letters_in_another_form_are_plain_letters(string text, string plain) => Same(plain, text);

    [Theory]
    [InlineData("naïve cafés café", "nai\u0308ve cafe\u0301s cafe\u0301")]
    [InlineData("naïve café", "naive cafe")]
    [InlineData("airport", "a\u0334i\u20DDr\u1AB0p\u1DC4o\uFE20rt")]
    public void Accents_and_marks_make_no_difference_in_any_form(string text, string other) => Same(text, other);

    [Theory]
    [InlineData("planes—airport")]
    [InlineData("planes…airport…")]
    [InlineData("「planes」、airport。")]
    [InlineData("planes\u2003—\u2003airport")]
    public void Punctuation_beyond_ASCII_separates_the_words_of_a_vocabulary(string text) =>
        Assert.Equal(["planes", "airport"], CaptionWords.Split(text));

    [Fact]
    public void A_hyphen_that_does_not_break_a_line_is_a_hyphen()
    {
        Same("airport-planes", "airport\u2011planes");
        Same("airport-planes", "airport\u2010planes");
    }

    private static void Same(string expected, string text)
    {
        foreach (ICaptionTokenizer tokenizer in Tokenizers) Assert.Equal(tokenizer.Tokenize(expected).Ids, tokenizer.Tokenize(text).Ids);
    }

    private static IEnumerable<Rune> All() => Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(c => new Rune(c));

    // Symbols to Unicode: LetterFormsTests has them.
    private static bool IsLetter(int c) => c is (>= 0x249C and <= 0x24E9) or (>= 0x1F110 and <= 0x1F189) or (>= 0x1CCD6 and <= 0x1CCF9);
}
