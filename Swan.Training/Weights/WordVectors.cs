using System.Globalization;
using Swan.MLNet;
using Swan.MLNet.Text;
using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training.Weights;

/// <summary>Gives a network's word table pretrained word vectors in GloVe's text format: a word and its numbers on each line.</summary>
/// <remarks>
/// A word that the file doesn't have is looked up without <c>-</c>, <c>.</c> and <c>'</c>, then of that only what comes before a
/// <c>/</c>. Words that are still missing, <c>&lt;unk&gt;</c> and padding keep the rows that they had. Source: docs/spec/network.md,
/// section 3, step 1; Pennington, Socher and Manning, EMNLP 2014.
/// </remarks>
internal static class WordVectors
{
    private const string Table = "text_encoder.embed.weight";

    /// <summary>Reads the file once, and fills the table's rows.</summary>
    /// <param name="network">Its word table is overwritten where the file has the word; it is not when the file has a fault.</param>
    /// <param name="vocabulary">Which word has which row.</param>
    /// <param name="path">UTF-8 text; word2vec's first line with two counts may be there.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="SwanFormatException">
    /// The vectors have another width than the table, or a line can't be read; it is named.
    /// </exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static WordVectorReport Load(SwanNetwork network, WordVocabulary vocabulary, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(vocabulary);
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        Tensor table = network.named_parameters().Single(p => p.name == Table).parameter;
        int width = (int)table.shape[1];

        string[] words = [.. vocabulary.Words.Where(w => w != WordVocabulary.Unknown)];
        var wanted = words.SelectMany(Forms).Distinct().ToDictionary(f => f, _ => (float[]?)null, StringComparer.Ordinal);
        Read(path, wanted, width);

        int changed = 0;
        var missing = new List<string>();
        foreach (string word in words)
        {
            if (Forms(word).FirstOrDefault(f => wanted[f] is not null) is not { } form)
            {
                missing.Add(word);
                continue;
            }

            if (form != word) changed++;
            table[vocabulary.IdOf(word)].copy_(tensor(wanted[form]!));
        }

        return new(words.Length, words.Length - missing.Count, changed, missing);
    }

    private static IEnumerable<string> Forms(string word)
    {
        yield return word;
        string bare = word.Replace("-", "", StringComparison.Ordinal)
            .Replace(".", "", StringComparison.Ordinal)
            .Replace("'", "", StringComparison.Ordinal);
        if (bare.Length > 0 && bare != word) yield return bare;
        if (bare.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash) yield return bare[..slash];
    }

    private static void Read(string path, Dictionary<string, float[]?> wanted, int width)
    {
        var lookup = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
        FilePath.ThrowIfNotText(path);
        using var reader = new StreamReader(path);
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            ReadOnlySpan<char> row = line.AsSpan().TrimEnd();
            number++;
            if (number == 1 && IsHeader(row)) continue;
            int end = row.IndexOf(' ');
            bool known = end > 0 && lookup.TryGetValue(row[..end], out float[]? found) && found is null;
            // The first vector tells the file's width; after it, only rows that are wanted need a look.
            if (number > 2 && !known) continue;
            int numbers = row.Count(' ');
            if (numbers < width || (numbers > width && number <= 2))
            {
                throw new SwanFormatException(
                    $"'{path}', line {number}: found a word with {numbers} numbers, but the word table takes {width}. "
                        + "Give word vectors of that width, or set "
                        + $"{nameof(SwanNetworkOptions)}.{nameof(SwanNetworkOptions.WordDimension)} to the file's.");
            }

            // A word that contains blanks, as GloVe's largest file has some: not one of a caption's words.
            if (known && numbers == width) lookup[row[..end]] = Numbers(row[(end + 1)..], width, path, number);
        }

        if (number == 0) throw new SwanFormatException($"'{path}' is empty; expected a word and its {width} numbers on each line.");
    }

    private static bool IsHeader(ReadOnlySpan<char> row) =>
        row.Count(' ') == 1
        && row.IndexOf(' ') is var at
        && int.TryParse(row[..at], NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && int.TryParse(row[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static float[] Numbers(ReadOnlySpan<char> text, int width, string path, int line)
    {
        var numbers = new float[width];
        int at = 0;
        foreach (Range part in text.Split(' '))
        {
            if (!float.TryParse(text[part], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[at])
                || !float.IsFinite(numbers[at]))
                throw new SwanFormatException($"'{path}', line {line}: number {at + 1} is '{text[part]}', which is not a finite number.");
            at++;
        }

        return numbers;
    }
}
