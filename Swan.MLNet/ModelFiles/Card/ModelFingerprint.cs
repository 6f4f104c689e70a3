using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.ModelFiles;

/// <summary>The hash of everything that determines a model's embeddings, and of nothing else.</summary>
/// <remarks>
/// Format version 1 hashes only the encoders and the vocabulary, although the card also defines the processing of images and captions.
/// Version 2 adds those fields of the card. Training options, metrics and learned images serve people and checks; both versions leave them
/// out. docs/spec/model-file.md specifies both.
/// </remarks>
internal static class ModelFingerprint
{
    // Beside the cards, which are records: a copy with other values has none of it.
    private static readonly ConditionalWeakTable<ModelCard, string> Computed = [];

    /// <summary>What <see cref="Compute"/> gives, computed once a card: every query asks a card of format version 1.</summary>
    public static string Once(ModelCard card) => Computed.GetValue(card, Compute);

    /// <summary>SHA-256, lower-case hex.</summary>
    /// <param name="card">With the hashes of the file's entries.</param>
    public static string Compute(ModelCard card) =>
        Convert.ToHexStringLower(SHA256.HashData(card.FormatVersion == 1 ? Version1(card) : Version2(card)));

    private static byte[] Version1(ModelCard card) => Encoding.UTF8.GetBytes(string.Concat(
        card.Entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}:{e.Value.ToLowerInvariant()}\n")));

    // One JSON array of names and values in a fixed order: no value can be taken for two, or for another field's.
    private static byte[] Version2(ModelCard card)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            Text("swan-model", "2");
            foreach (string entry in ModelArchive.Encoders) Text(entry, card.Entries.GetValueOrDefault(entry, "").ToLowerInvariant());
            Text("variant", JsonName(card.Variant));
            Number("embeddingSize", card.EmbeddingSize);
            Text("compute", JsonName(card.Compute));
            Text("querybank", card.Querybank is null ? "none" : "last value is constant");
            Image(card.Image);
            Caption(card.Text);
            json.WriteEndArray();

            void Image(ImagePreprocessing image)
            {
                Text("image.contract", image.Contract);
                Number("image.size", image.Size);
                foreach (float mean in image.Mean) Fraction("image.mean", mean);
                foreach (float deviation in image.Std) Fraction("image.deviation", deviation);
                Text("image.decode", JsonName(image.Decode));
                Text("image.range", image.Range.ToString());
                foreach (string band in image.Bands) Text("image.bands", band);
            }

            void Caption(TextContract text)
            {
                Text("text.contract", text.Contract);
                Number("text.maximumLength", text.MaxLength);
                Number("text.vocabularySize", text.VocabularySize);
                Text("text.padding", JsonName(text.Padding));
                Number("text.paddedLength", text.PaddedLength);
            }

            void Text(string name, string value)
            {
                json.WriteStringValue(name);
                json.WriteStringValue(value);
            }

            void Number(string name, int value)
            {
                json.WriteStringValue(name);
                json.WriteNumberValue(value);
            }

            void Fraction(string name, float value)
            {
                json.WriteStringValue(name);
                json.WriteNumberValue(value);
            }
        }
        return bytes.ToArray();
    }

    private static string JsonName<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
