using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Swan.MLNet.Text;

/// <summary>The vocabulary of the paper's text tower.</summary>
/// <remarks>
/// Ids start at 1; the last id is <c>&lt;unk&gt;</c>; 0 pads. Source: docs/spec/network.md, section 1. Immutable; safe for concurrent use.
/// </remarks>
public sealed class WordVocabulary
{
    /// <summary>The token for every word outside the vocabulary.</summary>
    public const string Unknown = "<unk>";

    private readonly Dictionary<string, int> _ids;

    // Words with accents, without them: texts have either form, and more than one way to write an accent.
    private readonly Dictionary<string, int> _plain = new(StringComparer.Ordinal);

    private WordVocabulary(IReadOnlyList<string> words)
    {
        Words = words;
        _ids = new Dictionary<string, int>(words.Count, StringComparer.Ordinal);
        for (int i = 0; i < words.Count; i++) _ids[words[i]] = i + 1;
        for (int i = 0; i < words.Count; i++)
        {
            if (!Ascii.IsValid(words[i])) _plain.TryAdd(LatinAccents.Strip(words[i]), i + 1);
        }
    }

    /// <summary>The words in the order of their ids: <c>Words[i]</c> has the id i + 1, and the last is <c>&lt;unk&gt;</c>.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The id of words outside the vocabulary, which is the last.</summary>
    public int UnknownId => Words.Count;

    /// <summary>A word's id (letters in lower case), or <see cref="UnknownId"/>.</summary>
    /// <remarks>
    /// A word is known with or without its accents. If the vocabulary has both, a word with accents, in any form, matches the entry with
    /// accents.
    /// </remarks>
    public int IdOf(string word)
    {
        if (_ids.TryGetValue(word, out int id)) return id;
        string plain = LatinAccents.Strip(word);
        return _plain.TryGetValue(plain, out id) || _ids.TryGetValue(plain, out id) ? id : UnknownId;
    }

    /// <summary>Whether an id is that of a known word, with a letter or digit.</summary>
    internal bool IsWord(int id) => id > 0 && id < UnknownId && Words[id - 1].EnumerateRunes().Any(Rune.IsLetterOrDigit);

    /// <summary>Collects the words of training captions in order of first appearance.</summary>
    /// <param name="captions">The training captions, including repeated ones.</param>
    /// <param name="minimumCount">The minimum number of occurrences of a word, at least 1. The paper uses 5.</param>
    /// <param name="keepStopWords">Whether words such as "on" and "of" stay. The paper leaves them out.</param>
    public static WordVocabulary Build(IEnumerable<string> captions, int minimumCount = 5, bool keepStopWords = false)
    {
        ArgumentNullException.ThrowIfNull(captions);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumCount, 1);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (string word in captions.SelectMany(CaptionWords.Split))
        {
            int count = counts.GetValueOrDefault(word);
            if (count == 0) order.Add(word);
            counts[word] = count + 1;
        }

        return new([.. order.Where(w => counts[w] >= minimumCount && w != Unknown && (keepStopWords || !EnglishStopWords.All.Contains(w))),
            Unknown]);
    }

    /// <summary>Reads the authors' JSON: <c>word2idx</c>, <c>idx2word</c>, <c>idx</c>.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">Its name in error messages.</param>
    /// <exception cref="SwanFormatException">It isn't such a file, ids have gaps or repeat, or <c>&lt;unk&gt;</c> isn't last.</exception>
    public static WordVocabulary Load(ReadOnlyMemory<byte> json, string name = "vocabulary.json")
    {
        try
        {
            if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..]; // a byte order mark
            VocabularyLimit.Check(json.Span, $"'{name}'");
            using JsonDocument document = JsonDocument.Parse(json);
            if (!document.RootElement.TryGetProperty("word2idx", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
            {
                throw new SwanFormatException(
                    $"'{name}' has no object 'word2idx', so it is not a SWAN vocabulary. Expected the keys word2idx, idx2word and idx.");
            }
            int count = map.EnumerateObject().Count();
            var words = new string?[count];
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (JsonProperty entry in map.EnumerateObject())
            {
                int id = entry.Value.GetInt32();
                if (id < 1 || id > count || words[id - 1] is not null)
                {
                    throw new SwanFormatException(
                        $"'{name}' gives the word '{entry.Name}' the id {id}; expected every id from 1 to {count} once. "
                        + "Ids shifted by even one would embed other words, so it was not loaded.");
                }
                if (!seen.Add(entry.Name))
                    throw new SwanFormatException($"'{name}' has the word '{entry.Name}' twice, so it is unclear which id it has.");
                words[id - 1] = entry.Name;
            }

            if (count == 0 || words[^1] != Unknown)
            {
                throw new SwanFormatException(
                    $"'{name}' ends with '{(count == 0 ? "nothing" : words[^1])}', but the last id must be '{Unknown}'.");
            }
            CheckReverse(document.RootElement, words!, name);
            return new(words!);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new SwanFormatException($"'{name}' can't be read as a vocabulary: {e.Message}", e);
        }
    }

    // "idx2word" says the same the other way round; a file whose halves differ has been edited by hand, and one of them is wrong.
    private static void CheckReverse(JsonElement root, string[] words, string name)
    {
        if (!root.TryGetProperty("idx2word", out JsonElement reverse)) return;
        int count = 0;
        foreach (JsonProperty entry in reverse.EnumerateObject())
        {
            count++;
            if (!int.TryParse(entry.Name, CultureInfo.InvariantCulture, out int id)
                || id < 1
                || id > words.Length
                || words[id - 1] != entry.Value.GetString())
            {
                throw new SwanFormatException(
                    $"'{name}' contradicts itself: 'idx2word' gives the id {entry.Name} to '{entry.Value}', but "
                    + "'word2idx' does not. It was not loaded.");
            }
        }

        if (count != words.Length)
        {
            throw new SwanFormatException(
                $"'{name}' contradicts itself: 'word2idx' has {words.Length} words and 'idx2word' {count}. It was not loaded.");
        }
    }

    /// <summary>Reads a file in the authors' JSON.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="SwanFormatException">It isn't such a file.</exception>
    public static WordVocabulary Load(string path)
    {
        FilePath.ThrowIfNotText(path);
        return Load(File.ReadAllBytes(path), path);
    }

    /// <summary>Writes the authors' JSON.</summary>
    public void Save(Stream destination)
    {
        using var json = new Utf8JsonWriter(
            destination, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteStartObject("word2idx");
        for (int i = 0; i < Words.Count; i++) json.WriteNumber(Words[i], i + 1);
        json.WriteEndObject();
        json.WriteStartObject("idx2word");
        for (int i = 0; i < Words.Count; i++) json.WriteString((i + 1).ToString(CultureInfo.InvariantCulture), Words[i]);
        json.WriteEndObject();
        json.WriteNumber("idx", Words.Count + 1); // the authors' "idx" is the next free id
        json.WriteEndObject();
    }
}
