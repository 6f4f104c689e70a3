using Swan.MLNet.Calibration;
using Swan.MLNet.Datasets;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.Calibration;

/// <summary>What is said of texts, with the vocabulary of the included model and the words of a few captions.</summary>
public sealed class KnownWordsTests
{
    private static readonly string Results = Path.Combine(Repository.Root, "docs", "results");

    private static readonly KnownWords Words = new(
        """
        many planes are parked near a terminal in an airport a bridge over green river with boats port storage tanks beside road stadium
        surrounded by trees and buildings playground football field beach white waves yellow desert dense residential area houses red roofs
        parking lot cars church center square school mountain forest farmland pond meadow industrial railway station park resort
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Most_sentences_of_five_other_languages_are_told()
    {
        string[] sentences = File.ReadAllLines(Path.Combine(Results, "other-languages.txt"));
        Assert.Equal(100, sentences.Length);
        for (int language = 0; language < 5; language++)
            Assert.InRange(sentences[(20 * language)..(20 * language + 20)].Count(s => !Judge(s).IsKnown), 18, 20);
    }

    [Theory]
    [InlineData("many planes are parked beside a terminal")]
    [InlineData("Wembley stadium")]
    [InlineData("jetty")]
    [InlineData("bungalows beside a footbridge")]
    [InlineData("some boats and a bridge in los angeles")]
    [InlineData("a café in the square")]
    [InlineData("12345")]
    [InlineData("")]
    public void An_English_text_is_known(string text) => Assert.Equal(SwanTextKind.English, Judge(text).Kind);

    [Theory]
    [InlineData("xqzzt blorp frumious", "xqzzt,blorp,frumious")]
    [InlineData("a flurbish gnarpling", "flurbish,gnarpling")]
    public void A_text_of_unknown_words_is_said_to_be_one_and_names_them(string text, string unknown)
    {
        SwanTextVerdict verdict = Judge(text);
        Assert.Equal(SwanTextKind.UnknownWords, verdict.Kind);
        Assert.Equal(unknown.Split(','), verdict.UnknownWords);
        Assert.Contains($"'{verdict.UnknownWords[0]}'", verdict.Warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Flugzeuge auf einem Flughafen")]
    [InlineData("várias casas perto de uma estrada")]
    [InlineData("många båtar i en hamn och en bro")]
    public void Another_language_is_said_to_be_one(string text)
    {
        SwanTextVerdict verdict = Judge(text);
        Assert.Equal(SwanTextKind.OtherLanguage, verdict.Kind);
        Assert.StartsWith("The query does not look like English", verdict.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_of_a_million_letters_takes_no_time_to_judge() =>
        Assert.Equal(SwanTextKind.UnknownWords, Judge(new string('x', 1_000_000)).Kind);

    [Fact]
    public void One_misspelled_word_is_named_and_changes_nothing()
    {
        SwanTextVerdict verdict = Judge("many planes are parked near a ploygonish terminal");
        Assert.True(verdict.IsKnown);
        Assert.Null(verdict.Warning);
        Assert.Equal(["ploygonish"], verdict.UnknownWords);
    }

    [Fact]
    public void Real_captions_are_hardly_ever_taken_for_strange()
    {
        string train = SharedFolder.Data("rsicd/train.jsonl"), images = Path.Combine(Path.GetDirectoryName(train)!, "images");
        KnownWords known = KnownWords.Of(CaptionedImageSet.Read(train, images).Captions);
        IReadOnlyList<string> captions = CaptionedImageSet.Read(SharedFolder.Data("rsicd/val.jsonl"), images).Captions;
        Assert.InRange(captions.Count(c => !known.Judge(c, SwanModel.Default.Tokenizer).IsKnown) / (double)captions.Count, 0, 0.01);
        string[] others = File.ReadAllLines(Path.Combine(Results, "other-languages.txt"));
        Assert.InRange(others.Count(s => !known.Judge(s, SwanModel.Default.Tokenizer).IsKnown), 90, 100);
    }

    private static SwanTextVerdict Judge(string text) => Words.Judge(text, SwanModel.Default.Tokenizer);
}
