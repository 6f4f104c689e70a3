using Swan.MLNet.Imaging;

namespace Swan.MLNet.ModelFiles;

public sealed partial class SwanModelFile
{
    private Lazy<ImageIdentitySet>? _learned;

    /// <summary>
    /// The images that the weights have learned from, those of teachers, of an earlier training and of a querybank included; null where the
    /// file doesn't say, as in files of format version 1.
    /// </summary>
    /// <remarks>
    /// A saved pipeline doesn't keep it. The first call takes 16 bytes an image more: a model that only embeds never pays for them.
    /// </remarks>
    public ImageIdentitySet? LearnedImages => _learned?.Value;

    /// <summary>What turns the model's scores into answers, UTF-8 JSON of at most 1 MiB; empty where the file has none.</summary>
    /// <remarks>It changes no embedding, so it is not part of the fingerprint. A saved pipeline doesn't keep it.</remarks>
    public ReadOnlyMemory<byte> Calibration => CalibrationBytes;

    private byte[]? LearnedBytes
    {
        get;
        set
        {
            field = value;
            _learned = value is null ? null : new(() => ImageIdentitySet.Read(new MemoryStream(value, writable: false), LearnedName));
        }
    }

    private string LearnedName => $"{Name}/{ModelArchive.LearnedEntry}";

    private byte[]? CalibrationBytes { get; set; }

    /// <summary>The same model, which says which images its weights have learned from.</summary>
    /// <param name="images">The images; null for unknown.</param>
    /// <returns>
    /// A file of the present format version, with this one's fingerprint unless this one is of version 1. This file where nothing changes.
    /// </returns>
    /// <exception cref="SwanFormatException">They are more than a file takes (16,777,216).</exception>
    public SwanModelFile WithLearnedImages(ImageIdentitySet? images)
    {
        if (images is null && LearnedBytes is null) return this;
        SwanModelFile file = Copy(Card);
        file.LearnedBytes = Bytes(images);
        if (file.LearnedBytes is { } bytes) ModelArchive.CheckSize(ModelArchive.LearnedEntry, bytes.Length, Name);
        return file.Sealed();
    }

    /// <summary>The same model with another calibration.</summary>
    /// <param name="json">UTF-8 JSON of at most 1 MiB; empty for none.</param>
    /// <returns>
    /// A file of the present format version, with this one's fingerprint unless this one is of version 1. This file where nothing changes.
    /// </returns>
    /// <exception cref="SwanFormatException">It is too long, or no JSON.</exception>
    public SwanModelFile WithCalibration(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty && CalibrationBytes is null) return this;
        SwanModelFile file = Copy(Card);
        file.CalibrationBytes = json.IsEmpty ? null : json.ToArray();
        if (file.CalibrationBytes is { } bytes) ValidateCalibration(bytes, Name);
        return file.Sealed();
    }

    private static byte[]? Bytes(ImageIdentitySet? images)
    {
        if (images is null) return null;
        using var bytes = new MemoryStream();
        images.Write(bytes);
        return bytes.ToArray();
    }

    private void ReadExtras(Dictionary<string, byte[]> contents)
    {
        LearnedBytes = Extra(contents, ModelArchive.LearnedEntry);
        CalibrationBytes = Extra(contents, ModelArchive.CalibrationEntry);
        if (LearnedBytes is not null) ImageIdentitySet.Validate(LearnedBytes, LearnedName);
        if (CalibrationBytes is not null) ValidateCalibration(CalibrationBytes, Name);
    }

    private byte[]? Extra(Dictionary<string, byte[]> contents, string entry)
    {
        byte[]? bytes = contents.GetValueOrDefault(entry);
        if (bytes is not null && Card.FormatVersion == 1)
        {
            throw new SwanFormatException(
                $"'{Name}' has the entry '{entry}', which a model file of format version 1 doesn't have. "
                + "It was changed after it was exported: export the model again.");
        }
        ValidateHash(Card, entry, bytes, Name);
        return bytes;
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
