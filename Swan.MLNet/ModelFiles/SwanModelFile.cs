using System.Security.Cryptography;
using Swan.MLNet.Models;
using Swan.MLNet.Onnx;

namespace Swan.MLNet.ModelFiles;

/// <summary>A model file (<c>.swan</c>): both encoders in ONNX, the vocabulary, and the card that says how they belong together.</summary>
/// <remarks>
/// A zip with <c>card.json</c>, <c>image.onnx</c>, <c>text.onnx</c> and <c>vocabulary.json</c>, and perhaps <c>learned.bin</c> and
/// <c>calibration.json</c>; docs/guide/model-file.md specifies it. Reading checks entry names, sizes and compression ratios, the card and
/// its fingerprint, the SHA-256 of every entry, and that the graphs use neither external data nor custom operators, all before ONNX
/// Runtime sees a byte. These are checks for damage; a signature they are not. Immutable and safe for concurrent use. To embed with it,
/// use <see cref="SwanModel"/>.
/// </remarks>
public sealed partial class SwanModelFile
{
    private SwanModelFile(string name, ModelCard card, byte[] image, byte[] text, byte[] vocabulary) =>
        (Name, Card, ImageBytes, TextBytes, VocabularyBytes) = (name, card, image, text, vocabulary);

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    /// <summary>What the model says about itself.</summary>
    public ModelCard Card { get; }

    /// <summary>The image encoder: <c>pixels</c> uint8 N×S×S×3 → <c>embedding</c> float32 N×D, unit length.</summary>
    public ReadOnlyMemory<byte> ImageOnnx => ImageBytes;

    /// <summary>The caption encoder: <c>ids</c> int64 N×L and <c>lengths</c> int64 N → <c>embedding</c> float32 N×D, unit length.</summary>
    public ReadOnlyMemory<byte> TextOnnx => TextBytes;

    /// <summary>The tokenizer's vocabulary, in the format that the card's text contract names.</summary>
    public ReadOnlyMemory<byte> Vocabulary => VocabularyBytes;

    internal byte[] ImageBytes { get; }

    internal byte[] TextBytes { get; }

    internal byte[] VocabularyBytes { get; }

    private IEnumerable<KeyValuePair<string, byte[]>> Contents
    {
        get
        {
            yield return new(ModelArchive.ImageEntry, ImageBytes);
            yield return new(ModelArchive.TextEntry, TextBytes);
            yield return new(ModelArchive.VocabularyEntry, VocabularyBytes);
            if (LearnedBytes is not null) yield return new(ModelArchive.LearnedEntry, LearnedBytes);
            if (CalibrationBytes is not null) yield return new(ModelArchive.CalibrationEntry, CalibrationBytes);
        }
    }

    /// <summary>The same contents under another card, which must agree with theirs in what changes embeddings.</summary>
    internal SwanModelFile With(ModelCard card)
    {
        ModelCardRules.CheckFingerprint(card, Name);
        return Copy(card);
    }

    private SwanModelFile Copy(ModelCard card) => new(Name, card, ImageBytes, TextBytes, VocabularyBytes)
    {
        LearnedBytes = LearnedBytes, CalibrationBytes = CalibrationBytes,
    };

    // Fills in what only the whole file knows: the version, the hashes and the fingerprint.
    private SwanModelFile Sealed()
    {
        ModelCard card = Card with
        {
            FormatVersion = ModelCard.CurrentFormatVersion,
            Entries = Contents.ToDictionary(c => c.Key, c => Hash(c.Value), StringComparer.Ordinal),
        };
        card = card with { Fingerprint = ModelFingerprint.Compute(card) };
        // What reading would refuse is not written.
        ModelArchive.CheckSize(ModelArchive.CardEntry, ModelCardJson.Write(card).Length, Name);
        return Copy(card);
    }

    /// <summary>
    /// Puts a model together in memory, to open it (<see cref="SwanModel.Open(SwanModelFile, SwanModelOptions?)"/>) or to
    /// <see cref="Save"/> it.
    /// </summary>
    /// <param name="name">What messages call it, such as the file name it is going to have.</param>
    /// <param name="card">What the model is. Its format version, hashes and fingerprint are filled in here.</param>
    /// <param name="imageOnnx">The image encoder.</param>
    /// <param name="textOnnx">The caption encoder.</param>
    /// <param name="vocabulary">The tokenizer's vocabulary.</param>
    /// <exception cref="SwanFormatException">What was given would be refused by <see cref="Read(string)"/>.</exception>
    public static SwanModelFile Create(string name, ModelCard card, byte[] imageOnnx, byte[] textOnnx, byte[] vocabulary)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(imageOnnx);
        ArgumentNullException.ThrowIfNull(textOnnx);
        ArgumentNullException.ThrowIfNull(vocabulary);
        var file = new SwanModelFile(name, card, imageOnnx, textOnnx, vocabulary);
        foreach ((string entry, byte[] bytes) in file.Contents) ModelArchive.CheckSize(entry, bytes.Length, name);
        ModelCardRules.Check(card, name);
        OnnxInspection.Validate(imageOnnx, ModelArchive.ImageEntry, name);
        OnnxInspection.Validate(textOnnx, ModelArchive.TextEntry, name);
        return file.Sealed();
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
    /// Writes the model: to a temporary name first, so that <paramref name="path"/> is the old file or the whole new one.
    /// </summary>
    /// <param name="path">Where; the folder is created.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream => ModelArchive.Write(
            stream, [new(ModelArchive.CardEntry, ModelCardJson.Write(Card)), .. Contents], compactWeights: Card.Weights is not null));
    }

    /// <summary>Reads and checks a model file.</summary>
    /// <param name="path">The <c>.swan</c> file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use; the message says why and what to do.</exception>
    public static SwanModelFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FilePath.ThrowIfNotText(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"There is no model file '{path}' (looked in '{Path.GetDirectoryName(Path.GetFullPath(path))}'). "
                + "Give the path of a .swan file, such as one that 'swan export' wrote.",
                path);
        }
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return Read(stream, Path.GetFileName(path));
    }

    /// <summary>Reads and checks a model from a seekable stream, such as a resource or a download.</summary>
    /// <param name="stream">Seekable; not closed.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="SwanFormatException">It is not a model that this version can use; the message says why and what to do.</exception>
    public static SwanModelFile Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Dictionary<string, byte[]> contents = ModelArchive.Read(stream, name);
        ModelCard card = ModelCardJson.Read(contents[ModelArchive.CardEntry], name);
        foreach (string listed in card.Entries.Keys)
        {
            if (!contents.ContainsKey(listed) || listed == ModelArchive.CardEntry)
            {
                throw new SwanFormatException(
                    $"The card of '{name}' lists the entry '{listed}', which a model file doesn't have. "
                    + "The file was changed after it was exported: export the model again.");
            }
        }
        SwanModelFile file = FromParts(
            name, card, contents[ModelArchive.ImageEntry], contents[ModelArchive.TextEntry], contents[ModelArchive.VocabularyEntry]);
        file.ReadExtras(contents);
        return file;
    }

    /// <summary>Checks the parts that are there against the card; a saved pipeline holds only the encoder that it uses.</summary>
    internal static SwanModelFile FromParts(string name, ModelCard card, byte[]? image, byte[]? text, byte[]? vocabulary)
    {
        ValidateHash(card, ModelArchive.ImageEntry, image, name);
        ValidateHash(card, ModelArchive.TextEntry, text, name);
        ValidateHash(card, ModelArchive.VocabularyEntry, vocabulary, name);
        if (image is not null) OnnxInspection.Validate(image, ModelArchive.ImageEntry, name);
        if (text is not null) OnnxInspection.Validate(text, ModelArchive.TextEntry, name);
        ModelCardRules.CheckFingerprint(card, name);
        return new SwanModelFile(name, card, image ?? [], text ?? [], vocabulary ?? []);
    }

    private static void ValidateHash(ModelCard card, string entry, byte[]? bytes, string name)
    {
        if (bytes is null) return;
        if (!card.Entries.TryGetValue(entry, out string? expected))
        {
            throw new SwanFormatException(
                $"The card of '{name}' doesn't list the SHA-256 of '{entry}'. The file was changed after it was "
                + "exported: export the model again.");
        }
        string found = Hash(bytes);
        if (!string.Equals(found, expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new SwanFormatException(
                $"'{entry}' of '{name}' has SHA-256 {found}, but the card says {expected}. The file is damaged or was changed after it was "
                + "exported; it was not loaded. Copy or export it again.");
        }
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
