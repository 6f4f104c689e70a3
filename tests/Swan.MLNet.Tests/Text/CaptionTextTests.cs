using CsCheck;
using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Text;

public sealed class CaptionTextTests
{
    private static readonly string[] Words = ["planes", "parked", "at", "an", "airport", "tennis", "court"];
    private static readonly string[] Pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "##s", "##ed", "plane", "park", .. Words];

    private static readonly ICaptionTokenizer[] Tokenizers =
    [
        new WordPieceCaptionTokenizer(Pieces, 12),
        new WordCaptionTokenizer(WordVocabulary.Build(Words, minimumCount: 1, keepStopWords: true), 12),
    ];

    public static TheoryData<int> Separators =>
        [.. Enumerable.Range(0, char.MaxValue + 1).Where(c => char.IsWhiteSpace((char)c) || char.IsControl((char)c))];

    [Theory]
    [MemberData(nameof(Separators))]
    public void White_space_and_control_characters_of_every_kind_separate_words(int separator)
    {
        string text = string.Join((char)separator, Words);
        foreach (ICaptionTokenizer tokenizer in Tokenizers)
            Assert.Equal(tokenizer.Tokenize(string.Join(' ', Words)).Ids, tokenizer.Tokenize(text).Ids);
        Assert.Equal(Words, CaptionWords.Split(text));
    }

    [Fact]
    public void Any_mixture_of_white_space_separates_as_one_blank_does() =>
        Gen.OneOf([.. Words.Select(Gen.Const)]).Array[1, 6]
            .SelectMany(words => Gen.Char[" \t\r\n\u000b\u000c\u0085\u00a0\u2028\u3000\0"].Array[1, 3].Array[words.Length]
                .Select(gaps => (words, text: string.Concat(words.Zip(gaps, (w, g) => w + new string(g))))))
        .Sample(t =>
        {
            foreach (ICaptionTokenizer tokenizer in Tokenizers)
                Assert.Equal(tokenizer.Tokenize(string.Join(' ', t.words)).Ids, tokenizer.Tokenize(t.text).Ids);
        });

    // An attribute can't hold them: metadata are UTF-8.
    public static TheoryData<string> HalfPairs => ["planes \ud83d", "\udea2 planes", "planes\ud83d\ud83dparked", "\udea2\ud83d"];

    [Theory]
    [MemberData(nameof(HalfPairs))]
    public void Half_a_surrogate_pair_is_a_replacement_character_and_no_error(string text)
    {
        foreach (ICaptionTokenizer tokenizer in Tokenizers)
        {
            string replaced = string.Concat(text.EnumerateRunes());
            Assert.Equal(tokenizer.Tokenize(replaced).Ids, tokenizer.Tokenize(text).Ids);
        }
    }

    [Fact]
    public void A_text_of_many_megabytes_has_the_tokens_of_its_beginning_and_costs_no_memory()
    {
        string beginning = string.Join(' ', Enumerable.Repeat("airport", 40));
        string text = beginning + string.Concat(Enumerable.Repeat(" tennis court", 1_000_000));
        foreach (ICaptionTokenizer tokenizer in Tokenizers)
        {
            int[] expected = tokenizer.Tokenize(beginning).Ids;
            long before = GC.GetAllocatedBytesForCurrentThread();
            TokenizedCaption found = tokenizer.Tokenize(text);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, text.Length / 10);
            Assert.Equal(expected, found.Ids);
            Assert.True(found.Truncated);
        }
    }

    [Theory]
    [InlineData("tennis court ")]
    [InlineData("!")]
    [InlineData("🚢ship")]
    [InlineData("a\u00AD")]
    [InlineData("\uFB03")] // three letters each
    public void What_is_tokenized_of_ten_megabytes_is_bounded(string part)
    {
        const int MaxLength = 12 * CaptionText.CharactersPerToken;
        string text = string.Concat(Enumerable.Repeat(part, 10_000_000 / part.Length));
        Assert.InRange(CaptionText.Normalize(text, MaxLength, out bool cut).Length, MaxLength - 3, MaxLength);
        Assert.True(cut);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(3, 3)]
    [InlineData(100_000, 100_000)]
    public void Marks_alone_cut_nothing_and_are_bounded(int before, int after)
    {
        string stacked = new string('\u0336', after), circles = new string('\u20DD', after);
        string text = $"{new string('\u0301', before)} airport{stacked} {circles} court";
        Assert.InRange(CaptionText.Normalize(text, 100, out bool cut).Length, 13, 17);
        Assert.False(cut);
        foreach (ICaptionTokenizer tokenizer in Tokenizers)
        {
            Assert.Equal(tokenizer.Tokenize("airport court").Ids, tokenizer.Tokenize(text).Ids);
            Assert.False(tokenizer.Tokenize(text).Truncated);
        }
    }

    [Fact]
    public void A_word_that_is_struck_through_and_stacked_is_read_to_its_end()
    {
        string text = string.Concat("planes parked at an airport".Select(c => c + new string('\u0336', 400)));
        foreach (ICaptionTokenizer tokenizer in Tokenizers)
        {
            Assert.Equal(tokenizer.Tokenize("planes parked at an airport").Ids, tokenizer.Tokenize(text).Ids);
            Assert.False(tokenizer.Tokenize(text).Truncated);
        }
    }

    [Fact]
    public void White_space_before_and_after_a_text_cuts_nothing()
    {
        string text = new string('\n', 100_000) + "airport" + new string(' ', 100_000);
        foreach (ICaptionTokenizer tokenizer in Tokenizers)
        {
            Assert.Equal(tokenizer.Tokenize("airport").Ids, tokenizer.Tokenize(text).Ids);
            Assert.False(tokenizer.Tokenize(text).Truncated);
        }
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("two\rlines")]
    public void A_token_with_a_line_break_is_refused_by_its_place(string token)
    {
        string message = Assert.Throws<SwanFormatException>(() => new WordPieceCaptionTokenizer([.. Pieces, token])).Message;
        Assert.Contains($"Token {Pieces.Length}", message, StringComparison.Ordinal);
    }
}
