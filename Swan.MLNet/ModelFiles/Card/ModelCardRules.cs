using Swan.MLNet.Imaging;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.ModelFiles;

/// <summary>What a card must hold for this version to use it.</summary>
internal static class ModelCardRules
{
    private const int MaxEmbeddingSize = 65_536;
    private const int MaxSide = 8_192;
    private const int MaxTokens = 8_192;

    public static string SwanVersion => typeof(ModelCardRules).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    /// <summary>Refuses a card whose contents contradict themselves or that this version doesn't implement.</summary>
    public static void Check(ModelCard card, string name)
    {
        var faults = new List<string>();
        void Require(bool holds, string fault)
        {
            if (!holds) faults.Add(fault);
        }

        Require(!string.IsNullOrWhiteSpace(card.Name), "the name is empty");
        Require(Enum.IsDefined(card.Variant), $"the variant {card.Variant} is unknown");
        Require(card.EmbeddingSize is >= 1 and <= MaxEmbeddingSize,
            $"the embedding size is {card.EmbeddingSize}, expected 1 to {MaxEmbeddingSize}");
        ImagePreprocessing image = card.Image;
        Require(image.Size is >= 1 and <= MaxSide, $"the image size is {image.Size}, expected 1 to {MaxSide} pixels");
        Require(image.Mean.Count == 3 && image.Mean.All(float.IsFinite), "the mean is not three finite numbers");
        Require(image.Std.Count == 3 && image.Std.All(d => float.IsFinite(d) && d > 0), "the deviation is not three numbers above 0");
        Require(Enum.IsDefined(image.Decode), $"the decoding {image.Decode} is unknown");
        Require(!image.Range.IsValues,
            $"the range is '{image.Range}', but values belong to a file or a caller; expected full or percentiles");
        Require(image.Bands.Count == 3 && image.Bands.All(b => !string.IsNullOrWhiteSpace(b)), "the bands are not three names");
        Require(Enum.IsDefined(card.Compute), $"the precision {card.Compute} is unknown");
        TextContract text = card.Text;
        Require(!string.IsNullOrWhiteSpace(text.Contract), "the text contract has no name");
        Require(text.MaxLength is >= 1 and <= MaxTokens,
            $"the longest caption has {text.MaxLength} tokens, expected 1 to {MaxTokens}");
        Require(text.VocabularySize >= 1, $"the vocabulary has {text.VocabularySize} ids, expected at least 1");
        Require(
            text.Padding == SwanPadding.Masked ? text.PaddedLength == 0 : text.Padding == SwanPadding.Fixed && text.PaddedLength >= 1,
            $"padding '{text.Padding}' with a padded length of {text.PaddedLength} is contradictory: "
            + "masked needs 0, fixed at least 1");
        Require(card.Variant != SwanVariant.Canonical || text.Padding == SwanPadding.Masked, "a canonical model pads with 'masked' only");
        Require(double.IsFinite(card.ExportDifference), $"the export difference is {card.ExportDifference}, not a number of JSON");
        foreach (CardMetric? metric in card.Metrics)
        {
            Require(metric is { Name: not null, Data: not null }, "a metric is null, or has no name or data");
            Require(
                metric is null || double.IsFinite(metric.Value), $"the metric '{metric?.Name}' is {metric?.Value}, not a number of JSON");
        }
        // JSON's reader checks properties, not the elements of lists.
        Require(!card.Modules.Contains(null!), "a module is null");
        Require(!card.Training.Values.Contains(null!), "a value of 'training' is null");
        Require(!card.Entries.Values.Contains(null!), "the hash of an entry is null");
        if (card.Querybank is { } bank)
        {
            Require(card.EmbeddingSize >= 2,
                $"the embedding size is {card.EmbeddingSize}, but a model with a querybank has at least 2");
            Require(bank.Images >= 2, $"the querybank has {Counted.Of(bank.Images, "image")}, expected at least 2");
            Require(bank.Temperature is > 0 and <= 1,
                $"the querybank's temperature is {bank.Temperature}, expected a number above 0 and up to 1");
        }
        if (faults.Count > 0)
            throw new SwanFormatException($"The card of '{name}' is not valid: {string.Join("; ", faults)}. Export the model again.");

        if (image.Contract != ImagePreprocessing.SwanImage1)
        {
            throw new SwanFormatException(
                $"'{name}' was trained with preprocessing '{image.Contract}', but this version ({SwanVersion}) implements only "
                + $"'{ImagePreprocessing.SwanImage1}'. "
                + "It was not loaded, because its embeddings would be silently wrong. Update Swan.MLNet, or export the model again with "
                + $"{ImagePreprocessing.SwanImage1}.");
        }
        ValidateImplemented(image, name);
    }

    private static void ValidateImplemented(ImagePreprocessing image, string name)
    {
        var implemented = new ImagePreprocessing();
        if (!image.Bands.SequenceEqual(implemented.Bands))
        {
            throw new SwanFormatException(
                $"'{name}' takes the bands {string.Join(", ", image.Bands)}, but this version ({SwanVersion}) takes "
                + $"{string.Join(", ", implemented.Bands)}. It was not loaded, because its embeddings would be silently wrong. "
                + "Update Swan.MLNet.");
        }
    }

    /// <summary>Refuses a card whose fields that change embeddings are not those that it was written with.</summary>
    /// <param name="card">With the hashes of the file's entries.</param>
    /// <param name="name">The model file's name, for messages.</param>
    public static void CheckFingerprint(ModelCard card, string name)
    {
        if (card.FormatVersion == 1) return;
        string found = ModelFingerprint.Compute(card);
        if (!string.Equals(found, card.Fingerprint, StringComparison.Ordinal))
        {
            throw new SwanFormatException(
                $"The card of '{name}' has the fingerprint {card.Fingerprint ?? "null"}, but its contents give {found}. Its fields on "
                + "images, captions or encoders changed after the export, so the embeddings may not be those of the named model. It was "
                + "not loaded: copy or export it again.");
        }
    }
}
