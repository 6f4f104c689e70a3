using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swan.MLNet;
using static TorchSharp.torch;

namespace Swan.Training.Weights;

/// <summary>
/// Reads and writes the safetensors format: a length, a JSON header, then the tensors' bytes, little-endian and row-major.
/// </summary>
/// <remarks>The format of every weight file that this project keeps: it runs no code on loading and any tool can read it.</remarks>
internal static class SafeTensors
{
    private const long MaxHeader = 100 << 20;
    private const string MetadataKey = "__metadata__";

    /// <summary>Reads all tensors of a file to the CPU; half-precision ones become float32.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Tensors by name; the caller disposes them, or reads within a dispose scope.</returns>
    /// <exception cref="SwanFormatException">
    /// It is no such file, is cut short, or a tensor's type or place can't be right. Nothing is read then.
    /// </exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(string path)
    {
        FilePath.ThrowIfNotText(path);
        using FileStream file = File.OpenRead(path);
        JsonObject header = ReadHeader(file, path, out long start);
        Entry[] entries = [.. header.Where(e => e.Key != MetadataKey)
            .Select(e => ParseEntry(path, e.Key, e.Value))
            .OrderBy(e => e.Begin)
            .ThenBy(e => e.End)];
        CheckPlaces(path, entries, file.Length - start);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            foreach (Entry entry in entries) tensors[entry.Name] = ReadTensor(file, entry, start);
        }
        catch
        {
            foreach (Tensor tensor in tensors.Values) tensor.Dispose();
            throw;
        }

        return tensors;
    }

    /// <summary>Reads the names of a file's tensors.</summary>
    /// <exception cref="SwanFormatException">It is no such file.</exception>
    public static IReadOnlyList<string> ReadNames(string path)
    {
        FilePath.ThrowIfNotText(path);
        using FileStream file = File.OpenRead(path);
        return [.. ReadHeader(file, path, out _).Select(e => e.Key).Where(name => name != MetadataKey)];
    }

    /// <summary>Reads a file's metadata: names and texts.</summary>
    /// <exception cref="SwanFormatException">It is no such file.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        FilePath.ThrowIfNotText(path);
        using FileStream file = File.OpenRead(path);
        JsonObject header = ReadHeader(file, path, out _);
        return (header[MetadataKey] as JsonObject)?.ToDictionary(m => m.Key, m => m.Value?.ToString() ?? "") ?? [];
    }

    /// <summary>Writes tensors; the file appears whole or not at all.</summary>
    /// <param name="path">Replaced if it exists.</param>
    /// <param name="tensors">float32 or int64, on any device.</param>
    /// <param name="metadata">Names and texts for the header.</param>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var list = tensors.OrderBy(t => t.Key, StringComparer.Ordinal).ToArray();
        var header = new JsonObject();
        if (metadata is { Count: > 0 })
            header[MetadataKey] = new JsonObject(metadata.Select(m => KeyValuePair.Create<string, JsonNode?>(m.Key, m.Value)));
        long offset = 0;
        foreach ((string name, Tensor tensor) in list)
        {
            string type = tensor.dtype switch
            {
                ScalarType.Float32 => "F32",
                ScalarType.Int64 => "I64",
                _ => throw new ArgumentException(
                    $"The tensor '{name}' is {tensor.dtype}; only float32 and int64 are written.", nameof(tensors)),
            };
            long end = offset + tensor.numel() * tensor.element_size();
            header[name] = new JsonObject
            {
                ["dtype"] = type,
                ["shape"] = new JsonArray([.. tensor.shape.Select(s => (JsonNode)s)]),
                ["data_offsets"] = new JsonArray(offset, end),
            };
            offset = end;
        }

        AtomicFile.Write(path, file =>
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
            file.Write(length);
            file.Write(json);
            foreach ((string _, Tensor tensor) in list)
            {
                using var scope = NewDisposeScope();
                file.Write(tensor.detach().cpu().contiguous().bytes);
            }
        });
    }

    private static JsonObject ReadHeader(FileStream file, string path, out long start)
    {
        try
        {
            Span<byte> length = stackalloc byte[8];
            file.ReadExactly(length);
            ulong bytes = BinaryPrimitives.ReadUInt64LittleEndian(length);
            if (bytes is 0 or > MaxHeader || (long)bytes > file.Length - 8)
            {
                throw new SwanFormatException(
                    $"'{path}' says that its header has {bytes} bytes, but the file has {file.Length}: "
                    + "it is not a safetensors file, or it is cut short.");
            }
            var json = new byte[bytes];
            file.ReadExactly(json);
            start = 8 + (long)bytes;
            string text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(json);
            JsonObject header = JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject
                ?? throw new SwanFormatException($"The header of '{path}' is not a JSON object: it is not a safetensors file.");
            _ = header.Count(); // names are decoded only now
            return header;
        }
        catch (Exception e) when (e is EndOfStreamException or JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw new SwanFormatException($"'{path}' is not a safetensors file: {e.Message}", e);
        }
    }

    private static Entry ParseEntry(string path, string name, JsonNode? entry)
    {
        string type;
        long[] shape;
        long begin, end;
        try
        {
            if (entry is not JsonObject { } found || found["dtype"] is not { } kind || found["shape"] is not JsonArray sides
                || found["data_offsets"] is not JsonArray { Count: >= 2 } offsets)
            {
                throw new FormatException("A part is missing.");
            }
            type = kind.GetValue<string>();
            shape = [.. sides.Select(Number)];
            (begin, end) = (Number(offsets[0]), Number(offsets[1]));
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new SwanFormatException(
                $"'{path}' has no readable dtype, shape and data_offsets for the tensor '{name}'.", e);
        }

        int size = type switch
        {
            "F32" => 4,
            "F16" or "BF16" => 2,
            "I64" => 8,
            _ => throw new SwanFormatException($"'{path}' has the tensor '{name}' as {type}; expected F32, F16, BF16 or I64."),
        };
        Int128 bytes = size;
        foreach (long side in shape)
        {
            // Beyond an array's size the product is wrong anyway, and could overflow.
            if (side < 0 || (bytes *= side) > Array.MaxLength)
            {
                throw new SwanFormatException(
                    $"'{path}' says that the tensor '{name}' is {type}, {string.Join('×', shape)}, which can't be read; "
                    + $"expected at most {Array.MaxLength} bytes.");
            }
        }

        if (begin < 0 || end < begin || end - begin != bytes)
        {
            throw new SwanFormatException(
                $"'{path}' places the tensor '{name}' ({type}, {string.Join('×', shape)}, so {bytes} bytes) at bytes "
                + $"{begin}–{end}: the header is damaged.");
        }
        return new(name, type, shape, begin, end);
    }

    private static long Number(JsonNode? node) => node?.GetValue<long>() ?? throw new FormatException("A number is missing.");

    // The format allows neither overlaps nor gaps: bytes that no tensor or two tensors own mean a damaged header.
    private static void CheckPlaces(string path, Entry[] entries, long data)
    {
        long at = 0;
        foreach (Entry entry in entries)
        {
            if (entry.Begin != at)
            {
                throw new SwanFormatException(
                    $"'{path}' places the tensor '{entry.Name}' at bytes {entry.Begin}–{entry.End}, "
                    + $"{(entry.Begin < at ? "over the one before it" : "with a gap before it")}; expected it "
                    + $"at {at}. The header is damaged.");
            }
            at = entry.End;
        }

        if (at != data)
        {
            throw new SwanFormatException(
                $"'{path}' has {data} bytes of tensors, but its header describes {at}: "
                + $"{(data < at ? "it is cut short" : "extra bytes follow")}.");
        }
    }

    private static Tensor ReadTensor(FileStream file, Entry entry, long start)
    {
        var bytes = new byte[entry.End - entry.Begin];
        file.Position = start + entry.Begin;
        file.ReadExactly(bytes);
        using var scope = NewDisposeScope();
        Tensor raw = empty(entry.Shape, entry.Type switch
        {
            "F32" => ScalarType.Float32,
            "F16" => ScalarType.Float16,
            "BF16" => ScalarType.BFloat16,
            _ => ScalarType.Int64,
        });
        if (bytes.Length > 0) raw.bytes = bytes;
        return (entry.Type is "F16" or "BF16" ? raw.to(ScalarType.Float32) : raw).MoveToOuterDisposeScope();
    }

    private sealed record Entry(string Name, string Type, long[] Shape, long Begin, long End);
}
