using Swan.MLNet.Imaging;

namespace Swan.MLNet.ModelFiles;

public sealed partial class SwanModelFile
{
    private readonly Lazy<ImageIdentitySet?> _learned;

    /// <summary>The images that the weights were trained on; null if the file doesn't say.</summary>
    /// <remarks>
    /// It includes the images of teachers, of an earlier training and of a querybank. Files of format version 1 and saved pipelines don't
    /// have it. The first call takes 16 bytes of memory per image, so a model that only embeds never needs them.
    /// </remarks>
    /// <exception cref="SwanFormatException">The file has changed since it was opened, or the entry is not valid.</exception>
    /// <exception cref="IOException">The file is no longer readable; the next call tries again.</exception>
    public ImageIdentitySet? LearnedImages => _learned.Value;

    /// <summary>The calibration that turns scores into answers, UTF-8 JSON of at most 1 MiB; empty if the file has none.</summary>
    /// <remarks>It changes no embedding, so it is not part of the fingerprint. A saved pipeline doesn't keep it.</remarks>
    /// <inheritdoc cref="ImageOnnx" path="/exception"/>
    public ReadOnlyMemory<byte> Calibration => Entry(ModelArchive.CalibrationEntry);

    private string LearnedName => $"{Name}/{ModelArchive.LearnedEntry}";

    /// <summary>The same model with a list of its training images.</summary>
    /// <param name="images">The images; null for unknown.</param>
    /// <returns>
    /// A file of the current format version, with the same fingerprint unless this file has version 1. This file if nothing changes.
    /// </returns>
    /// <exception cref="SwanFormatException">There are more images than a file can hold (16,777,216).</exception>
    public SwanModelFile WithLearnedImages(ImageIdentitySet? images)
    {
        if (images is null && !_entries.Has(ModelArchive.LearnedEntry)) return this;
        byte[]? bytes = Bytes(images);
        if (bytes is not null) ModelArchive.CheckSize(ModelArchive.LearnedEntry, bytes.Length, Name);
        return With(ModelArchive.LearnedEntry, bytes);
    }

    /// <summary>The same model with another calibration.</summary>
    /// <param name="json">UTF-8 JSON of at most 1 MiB; empty for none.</param>
    /// <returns>
    /// A file of the current format version, with the same fingerprint unless this file has version 1. This file if nothing changes.
    /// </returns>
    /// <exception cref="SwanFormatException">It is too long, or not JSON.</exception>
    public SwanModelFile WithCalibration(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty && !_entries.Has(ModelArchive.CalibrationEntry)) return this;
        byte[]? bytes = json.IsEmpty ? null : json.ToArray();
        if (bytes is not null) ValidateCalibration(bytes, Name);
        return With(ModelArchive.CalibrationEntry, bytes);
    }

    // Unchanged entries keep the card's hashes, so bytes written into the file meanwhile never get into the new card.
    private SwanModelFile With(string entry, byte[]? bytes) => Seal(
        Name, Card, _entries.With(entry, bytes),
        kept => kept == entry ? Hash(bytes!) : Card.Entries[kept].ToLowerInvariant());

    private static byte[]? Bytes(ImageIdentitySet? images)
    {
        if (images is null) return null;
        using var bytes = new MemoryStream();
        images.Write(bytes);
        return bytes.ToArray();
    }

    private ImageIdentitySet? ReadLearned() => !_entries.Has(ModelArchive.LearnedEntry) ? null
        : ImageIdentitySet.Read(new MemoryStream(Entry(ModelArchive.LearnedEntry), writable: false), LearnedName);

    private void ValidateExtra(string entry, byte[] bytes)
    {
        if (entry == ModelArchive.LearnedEntry) ImageIdentitySet.Validate(bytes, LearnedName);
        if (entry == ModelArchive.CalibrationEntry) ValidateCalibration(bytes, Name);
    }

    private static void ValidateCalibration(byte[] json, string name)
    {
        ModelArchive.CheckSize(ModelArchive.CalibrationEntry, json.Length, name);
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse(json);
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new SwanFormatException(
                $"'{ModelArchive.CalibrationEntry}' of '{name}' is not JSON: {e.Message} Calibrate the model again.", e);
        }
    }
}
