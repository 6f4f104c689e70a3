using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Numerics;
using Swan.MLNet.Text;
using Swan.Training.Network;

namespace Swan.Training;

/// <summary>The tokenizer that a new run begins with.</summary>
internal static class RunTokenizer
{
    /// <summary>Reads the vocabulary that is given, or collects the captions' words.</summary>
    /// <param name="train">What is learned from.</param>
    /// <param name="options">The run's.</param>
    /// <param name="say">Told how many words are kept.</param>
    /// <exception cref="SwanDataException">No word is seen often enough, so that the run would learn nothing about words.</exception>
    /// <exception cref="SwanFormatException">The file of the vocabulary can't be read, or has no words.</exception>
    public static ICaptionTokenizer Create(CaptionedImageSet train, SwanTrainerOptions options, Action<string> say)
    {
        if (options.Network.TextTower == SwanTextTower.MiniLm)
            return WordPieceCaptionTokenizer.LoadText(options.Vocabulary!, options.MaxWords);
        WordVocabulary vocabulary = options.Vocabulary is { } file ? Load(file) : Build(train, options, say);
        return new WordCaptionTokenizer(vocabulary, options.MaxWords);
    }

    private static WordVocabulary Load(string file)
    {
        WordVocabulary vocabulary = WordVocabulary.Load(file);
        if (WordsOf(vocabulary) > 0) return vocabulary;
        throw new SwanFormatException(
            $"'{file}' has no words, so every caption would look the same. Give a vocabulary with words, or none to use the words of the "
            + "training captions.");
    }

    private static WordVocabulary Build(CaptionedImageSet train, SwanTrainerOptions options, Action<string> say)
    {
        WordVocabulary all = WordVocabulary.Build(train.Captions, 1, options.KeepStopWords),
            kept = WordVocabulary.Build(train.Captions, options.MinWordCount, options.KeepStopWords);
        int words = WordsOf(kept);
        if (words == 0)
        {
            throw new SwanDataException([new(train.Name, 0,
                $"no word of its {Counted.Of(train.Captions.Count, "caption")} is in the vocabulary: expected words that occur at least "
                + $"{Counted.Of(options.MinWordCount, "time")} ({SwanTrainerOptionsJson.NameOf(nameof(options.MinWordCount))})"
                + $"{(options.KeepStopWords ? "" : ", besides stop words")}. Every caption would look the same. Give more captions, or set "
                + $"{nameof(options.MinWordCount)} to 1.")]);
        }
        say($"The vocabulary keeps {words:N0} of {Counted.Of(WordsOf(all), "different word")}: those that the training captions contain "
            + $"at least {Counted.Of(options.MinWordCount, "time")}.");
        return kept;
    }

    private static int WordsOf(WordVocabulary vocabulary) => Enumerable.Range(1, vocabulary.Words.Count).Count(vocabulary.IsWord);
}
