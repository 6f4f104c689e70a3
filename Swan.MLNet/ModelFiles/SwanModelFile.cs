using System.Collections.Concurrent;
using System.Security.Cryptography;
using Swan.MLNet.Models;
using Swan.MLNet.Onnx;

namespace Swan.MLNet.ModelFiles;

/// <summary>A model file (<c>.swan</c>): both encoders in ONNX, the vocabulary, and the card that describes them.</summary>
/// <remarks>
/// A zip archive with <c>card.json</c>, <c>image.onnx</c>, <c>text.onnx</c> and <c>vocabulary.json</c>, and optionally <c>learned.bin</c>
/// and <c>calibration.json</c>; docs/spec/model-file.md specifies it. Reading checks entry names, sizes and compression ratios, the card
/// and its fingerprint, and the SHA-256 of every entry. It also checks that the graphs use neither external data nor custom operators, all
/// before ONNX Runtime sees a byte. These checks detect damage; they do not replace a signature. Immutable and safe for concurrent use. To
/// embed with it, use <see cref="SwanModel"/>.
/// <para>
/// The entries of a file stay in the file: memory holds the card, and each use of an entry opens the file, reads the entry and checks its
/// hash again. If the file was replaced or overwritten, the use throws <see cref="SwanFormatException"/>; entries of two models are never
/// mixed. If the file is no longer readable, the use throws <see cref="IOException"/>. An open <see cref="SwanModel"/>, and a pipeline step
/// fitted from a path, keep the file open until they are disposed. On Unix, the file may then be replaced or deleted without any effect on
/// them. Windows may refuse to replace an open file. A model from a stream is in memory.
/// </para>
/// </remarks>
public sealed partial class SwanModelFile
{
    private readonly ModelEntries _entries;

    // Entries that passed the checks. An equal hash means that they still do, so a graph need not be inspected again.
    private readonly ConcurrentDictionary<string, bool> _right = new(StringComparer.Ordinal);

    private SwanModelFile(string name, ModelCard card, ModelEntries entries)
    {
        (Name, Card, _entries) = (name, card, entries);
        // Publication only: an error of reading is not kept.
        _learned = new(ReadLearned, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    /// <summary>The model's card.</summary>
    public ModelCard Card { get; }

    /// <summary>The image encoder: <c>pixels</c> uint8 N×S×S×3 → <c>embedding</c> float32 N×D, unit length.</summary>
    /// <remarks>Each call may read the file, and returns new memory that belongs to the caller.</remarks>
    /// <exception cref="SwanFormatException">The file has changed since it was opened, or the entry is not valid.</exception>
    /// <exception cref="IOException">The file is no longer readable.</exception>
    public ReadOnlyMemory<byte> ImageOnnx => Entry(ModelArchive.ImageEntry);

    /// <summary>The caption encoder: <c>ids</c> int64 N×L and <c>lengths</c> int64 N → <c>embedding</c> float32 N×D, unit length.</summary>
    /// <inheritdoc cref="ImageOnnx" path="/remarks"/>
    /// <inheritdoc cref="ImageOnnx" path="/exception"/>
    public ReadOnlyMemory<byte> TextOnnx => Entry(ModelArchive.TextEntry);

    /// <summary>The tokenizer's vocabulary, in the format that the card's text contract names.</summary>
    /// <inheritdoc cref="ImageOnnx" path="/remarks"/>
    /// <inheritdoc cref="ImageOnnx" path="/exception"/>
    public ReadOnlyMemory<byte> Vocabulary => Entry(ModelArchive.VocabularyEntry);

    private IEnumerable<KeyValuePair<string, byte[]>> Contents =>
        ModelArchive.AllButCard.Where(_entries.Has).Select(entry => KeyValuePair.Create(entry, Entry(entry)));

    /// <summary>The checked bytes of an entry: read now, unless the model is in memory. Not to be changed.</summary>
    /// <exception cref="SwanFormatException">They are not what the card says, or a graph is not allowed.</exception>
    /// <exception cref="IOException">The file can't be read; the message names the entry.</exception>
    internal byte[] Entry(string entry)
    {
        if (!_entries.Has(entry)) return [];
        byte[] bytes = _entries.Read(entry);
        bool known = _right.ContainsKey(entry);
        if (!known || _entries.CanChange) ValidateHash(entry, bytes);
        if (!known && entry is ModelArchive.ImageEntry or ModelArchive.TextEntry) OnnxInspection.Validate(bytes, entry, Name);
        _right[entry] = true;
        return bytes;
    }

    /// <summary>Keeps the file open, if there is one, until the result is disposed: it may be replaced meanwhile.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be opened.</exception>
    internal IDisposable Keep() => _entries.Keep();

    /// <summary>Lets bytes in memory go, for a model that is open and will not be saved or opened again.</summary>
    internal void Release() => _entries.Release();

    /// <summary>Reads and checks every entry, as <see cref="Entry"/> does, and keeps none.</summary>
    /// <remarks>
    /// For <see cref="Default"/>, whose parts are otherwise checked only when used. Only opening finds a graph that ONNX Runtime can't run
    /// (<see cref="SwanModelOptions.Towers"/>).
    /// </remarks>
    /// <exception cref="SwanFormatException">It is not a model that this version can use; the message gives the reason and the
    /// remedy.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public void Validate()
    {
        using IDisposable kept = Keep();
        foreach ((string entry, byte[] bytes) in Contents) ValidateExtra(entry, bytes);
        ModelCardRules.CheckFingerprint(Card, Name);
    }

    /// <summary>The same contents under another card, which must agree with theirs in what changes embeddings.</summary>
    internal SwanModelFile With(ModelCard card)
    {
        ModelCardRules.CheckFingerprint(card, Name);
        return Copy(card);
    }

    private SwanModelFile Copy(ModelCard card) => new(Name, card, _entries);

    // Fills in what only the whole file knows: the version, the hashes (lower case) and the fingerprint.
    private static SwanModelFile Seal(string name, ModelCard unsealed, ModelEntries entries, Func<string, string> hash)
    {
        ModelCard card = unsealed with
        {
            FormatVersion = ModelCard.CurrentFormatVersion,
            Entries = ModelArchive.AllButCard.Where(entries.Has).ToDictionary(e => e, hash, StringComparer.Ordinal),
        };
        card = card with { Fingerprint = ModelFingerprint.Compute(card) };
        // Nothing is written that reading would refuse.
        ModelArchive.CheckSize(ModelArchive.CardEntry, ModelCardJson.Write(card).Length, name);
        return new SwanModelFile(name, card, entries);
    }

    /// <summary>
    /// Assembles a model in memory, to open it (<see cref="SwanModel.Open(SwanModelFile, SwanModelOptions?)"/>) or to <see cref="Save"/>
    /// it.
    /// </summary>
    /// <param name="name">Its name in messages, such as its future file name.</param>
    /// <param name="card">The model's description. This method fills in its format version, hashes and fingerprint.</param>
    /// <param name="imageOnnx">The image encoder.</param>
    /// <param name="textOnnx">The caption encoder.</param>
    /// <param name="vocabulary">The tokenizer's vocabulary.</param>
    /// <exception cref="SwanFormatException"><see cref="Read(string)"/> would refuse the result.</exception>
    public static SwanModelFile Create(string name, ModelCard card, byte[] imageOnnx, byte[] textOnnx, byte[] vocabulary)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(imageOnnx);
        ArgumentNullException.ThrowIfNull(textOnnx);
        ArgumentNullException.ThrowIfNull(vocabulary);
        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [ModelArchive.ImageEntry] = imageOnnx, [ModelArchive.TextEntry] = textOnnx, [ModelArchive.VocabularyEntry] = vocabulary,
        };
        foreach ((string entry, byte[] bytes) in contents) ModelArchive.CheckSize(entry, bytes.Length, name);
        ModelCardRules.Check(card, name);
        OnnxInspection.Validate(imageOnnx, ModelArchive.ImageEntry, name);
        OnnxInspection.Validate(textOnnx, ModelArchive.TextEntry, name);
        return Seal(name, card, new EntriesInMemory(contents), entry => Hash(contents[entry]));
    }

    /// <summary>Writes a model file: <see cref="Create"/>, then <see cref="Save"/>.</summary>
    /// <inheritdoc cref="Save" path="/exception"/>
    /// <inheritdoc cref="Create" path="/exception"/>
    public static void Write(string path, ModelCard card, byte[] imageOnnx, byte[] textOnnx, byte[] vocabulary)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Create(Path.GetFileName(path), card, imageOnnx, textOnnx, vocabulary).Save(path);
    }

    /// <summary>
    /// Writes the model under a temporary name first, so <paramref name="path"/> is always the old file or the complete new one.
    /// </summary>
    /// <param name="path">The destination; its folder is created.</param>
    /// <exception cref="IOException">The file can't be written, or this model's own file is no longer readable.</exception>
    /// <exception cref="SwanFormatException">This model's own file has changed since it was opened.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream =>
        {
            // Closed before the new file gets its name, which may be this one's.
            using IDisposable kept = Keep();
            ModelArchive.Write(
                stream, [new(ModelArchive.CardEntry, ModelCardJson.Write(Card)), .. Contents], compactWeights: Card.Weights is not null);
        });
    }

    private void ValidateHash(string entry, byte[] bytes)
    {
        string found = Hash(bytes), expected = Card.Entries[entry];
        if (!string.Equals(found, expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new SwanFormatException(
                $"'{entry}' of '{Name}' has SHA-256 {found}, but the card says {expected}. The file is damaged or was changed after it was "
                + $"exported; it was not loaded. {(_entries.CanChange ? $"{ModelEntries.Overwritten} Otherwise copy" : "Copy")} "
                + "or export it again.");
        }
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
