using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swan.MLNet.Search;

/// <summary><c>manifest.json</c>: UTF-8, replaced whole; its first line has the checksum of the file with 32 zeros there.</summary>
internal static class IndexManifestFile
{
    public const int Format = 1;

    private const int MaxBytes = 64 << 20, Digits = 2 * Checksum.Bytes;

    private static ReadOnlySpan<byte> Start => "{\n  \"checksum\": \""u8;

    /// <summary>Makes the manifest's state the index's, which a power cut may undo until <see cref="IndexFolder.Flush"/>.</summary>
    /// <returns>The bytes that were written.</returns>
    /// <exception cref="IOException">It can't be written; the manifest is the one before.</exception>
    public static byte[] Write(IndexFolder folder, IndexManifest manifest)
    {
        byte[] bytes = Bytes(manifest);
        using AtomicFile file = AtomicFile.Create(folder.Manifest, Path.Combine(folder.Path, ".writing-manifest.json"));
        file.Stream.Write(bytes);
        file.Stream.Flush();
        StampAfter(folder, file.Stream);
        file.Rename();
        return bytes;
    }

    // Readers tell manifests by their times. A disk that takes long between writing and renaming could give two the same, in the steps of
    // the file system's clock.
    private static void StampAfter(IndexFolder folder, FileStream file)
    {
        DateTime before = File.GetLastWriteTimeUtc(folder.Manifest), now = File.GetLastWriteTimeUtc(file.SafeFileHandle);
        if (now > before) return;
        bool isWhole = before.Ticks % TimeSpan.TicksPerSecond == 0;
        File.SetLastWriteTimeUtc(file.SafeFileHandle, before + (isWhole ? TimeSpan.FromSeconds(2) : TimeSpan.FromMilliseconds(1)));
    }

    /// <summary>The file's bytes.</summary>
    public static byte[] Bytes(IndexManifest manifest)
    {
        ReadOnlySpan<byte> body = JsonSerializer.SerializeToUtf8Bytes(manifest, IndexManifestJson.Default.IndexManifest);
        // The body's "{" gives way to the first line.
        byte[] bytes = [.. Start, .. Encoding.UTF8.GetBytes(new string('0', Digits)), .. "\","u8, .. body[1..], (byte)'\n'];
        Encoding.UTF8.GetBytes(Checksum.Text(Checksum.Of(bytes)), bytes.AsSpan(Start.Length));
        return bytes;
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="SwanFormatException">It is damaged, or of another version.</exception>
    public static byte[] ReadBytes(IndexFolder folder)
    {
        FileStream? opened = null;
        HeldFile.WhenLetGo(folder.Manifest, () => opened = new FileStream(
            folder.Manifest, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0));
        using FileStream stream = opened!;
        if (stream.Length > MaxBytes) throw Damaged(folder, $"has {stream.Length:N0} bytes; the limit is {MaxBytes:N0}");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Reads what <see cref="Bytes"/> wrote, and checks all that the rest relies on.</summary>
    /// <exception cref="SwanFormatException">It is damaged, or of another version.</exception>
    public static IndexManifest Parse(IndexFolder folder, byte[] bytes)
    {
        if (bytes.Length < Start.Length + Digits || !bytes.AsSpan().StartsWith(Start)
            || !Checksum.TryParse(Encoding.UTF8.GetString(bytes, Start.Length, Digits), out UInt128 expected))
        {
            throw Damaged(folder, bytes.Length == 0 ? "is empty" : "doesn't begin with its checksum, so it is not an index manifest");
        }
        byte[] cleared = [.. bytes];
        cleared.AsSpan(Start.Length, Digits).Fill((byte)'0');
        if (Checksum.Of(cleared) != expected) throw Damaged(folder, "has changed bytes");
        try
        {
            // Whatever the version, it has a number.
            using (JsonDocument document = JsonDocument.Parse(bytes))
            {
                if (!document.RootElement.TryGetProperty("format", out JsonElement format) || format.GetInt32() != Format)
                {
                    throw Damaged(folder, $"has format version {format}, but this version of Swan.MLNet reads version {Format}. "
                        + "If it is newer, update Swan.MLNet");
                }
            }
            ReadOnlySpan<byte> body = [(byte)'{', .. bytes.AsSpan(Start.Length + Digits + 2)];
            IndexManifest manifest = JsonSerializer.Deserialize(body, IndexManifestJson.Default.IndexManifest)
                ?? throw new JsonException("it is null");
            IndexManifestRules.Check(manifest, how => Damaged(folder, how));
            return manifest;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Damaged(folder, $"can't be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static SwanFormatException Damaged(IndexFolder folder, string how, Exception? cause = null) =>
        IndexDamage.Error(folder, "manifest.json", how, cause);
}

/// <summary><c>manifest.json</c>, without reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IndexManifest))]
internal sealed partial class IndexManifestJson : JsonSerializerContext;
