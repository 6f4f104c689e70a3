using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swan.MLNet;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Weights;

/// <summary>Reads and writes the safetensors format: a length, a JSON header, then the tensors' bytes, little-endian and row-major.</summary>
/// <remarks>The format of every weight file that this project keeps: it runs no code on loading and any tool can read it.</remarks>
public static class SafeTensors
{
    private const long LargestHeader = 100 << 20;
    private const string MetadataKey = "__metadata__";

    /// <summary>Reads all tensors of a file to the CPU; half-precision ones become float32.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Tensors by name; the caller disposes them, or reads within a dispose scope.</returns>
    /// <exception cref="SwanFormatException">It is no such file, is cut short, or a tensor's type or place can't be right.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        JsonObject header = ReadHeader(file, path, out long start);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            foreach ((string name, JsonNode? entry) in header)
            {
                if (name != MetadataKey) tensors[name] = ReadTensor(file, path, name, entry!, start);
            }
        }
        catch
        {
            foreach (Tensor tensor in tensors.Values) tensor.Dispose();
            throw;
        }

        return tensors;
    }

    /// <summary>Reads a file's metadata: names and texts.</summary>
    /// <exception cref="SwanFormatException">It is no such file.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        using FileStream file = File.OpenRead(path);
        JsonObject header = ReadHeader(file, path, out _);
        return (header[MetadataKey] as JsonObject)?.ToDictionary(m => m.Key, m => m.Value?.ToString() ?? "") ?? [];
    }

    /// <summary>Writes tensors; the file appears whole or not at all.</summary>
    /// <param name="path">Replaced if it exists.</param>
    /// <param name="tensors">float32 or int64, on any device.</param>
    /// <param name="metadata">Names and texts for the header.</param>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var list = tensors.OrderBy(t => t.Key, StringComparer.Ordinal).ToArray();
        var header = new JsonObject();
        if (metadata is { Count: > 0 }) header[MetadataKey] = new JsonObject(metadata.Select(m => KeyValuePair.Create<string, JsonNode?>(m.Key, m.Value)));
        long offset = 0;
        foreach ((string name, Tensor tensor) in list)
        {
            string type = tensor.dtype switch
            {
                ScalarType.Float32 => "F32",
                ScalarType.Int64 => "I64",
                _ => throw new ArgumentException($"The tensor '{name}' is {tensor.dtype}; only float32 and int64 are written.", nameof(tensors)),
            };
            long end = offset + tensor.numel() * tensor.element_size();
            header[name] = new JsonObject { ["dtype"] = type, ["shape"] = new JsonArray([.. tensor.shape.Select(s => (JsonNode)s)]), ["data_offsets"] = new JsonArray(offset, end) };
            offset = end;
        }

        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        using (FileStream file = File.Create(temporary))
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

            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static JsonObject ReadHeader(FileStream file, string path, out long start)
    {
        try
        {
            Span<byte> length = stackalloc byte[8];
            file.ReadExactly(length);
            ulong bytes = BinaryPrimitives.ReadUInt64LittleEndian(length);
            if (bytes is 0 or > LargestHeader || (long)bytes > file.Length - 8)
                throw new SwanFormatException($"'{path}' says that its header has {bytes} bytes, but the file has {file.Length}: it is not a safetensors file, or it is cut short.");
            var json = new byte[bytes];
            file.ReadExactly(json);
            start = 8 + (long)bytes;
            return JsonNode.Parse(json) as JsonObject ?? throw new SwanFormatException($"The header of '{path}' is not a JSON object: it is not a safetensors file.");
        }
        catch (Exception e) when (e is EndOfStreamException or JsonException)
        {
            throw new SwanFormatException($"'{path}' is not a safetensors file: {e.Message}", e);
        }
    }

    private static Tensor ReadTensor(FileStream file, string path, string name, JsonNode entry, long start)
    {
        string type;
        long[] shape;
        long begin, end;
        try
        {
            type = entry["dtype"]!.GetValue<string>();
            shape = [.. entry["shape"]!.AsArray().Select(s => s!.GetValue<long>())];
            (begin, end) = (entry["data_offsets"]![0]!.GetValue<long>(), entry["data_offsets"]![1]!.GetValue<long>());
        }
        catch (Exception e) when (e is NullReferenceException or InvalidOperationException or ArgumentOutOfRangeException or FormatException)
        {
            throw new SwanFormatException($"'{path}' describes the tensor '{name}' without a dtype, shape and data_offsets that can be read.", e);
        }

        int size = type switch
        {
            "F32" => 4,
            "F16" or "BF16" => 2,
            "I64" => 8,
            _ => throw new SwanFormatException($"'{path}' has the tensor '{name}' as {type}; F32, F16, BF16 and I64 are read."),
        };
        long count = shape.Aggregate(1L, (a, b) => checked(a * b));
        if (shape.Any(s => s < 0) || begin < 0 || end - begin != count * size || start + end > file.Length)
            throw new SwanFormatException($"'{path}' places the tensor '{name}' ({type}, {string.Join('×', shape)}) at bytes {begin}–{end} of {file.Length - start}: it is cut short or damaged.");

        var bytes = new byte[end - begin];
        file.Position = start + begin;
        file.ReadExactly(bytes);
        using var scope = NewDisposeScope();
        Tensor raw = empty(shape, type switch { "F32" => ScalarType.Float32, "F16" => ScalarType.Float16, "BF16" => ScalarType.BFloat16, _ => ScalarType.Int64 });
        if (count > 0) raw.bytes = bytes;
        return (size == 2 ? raw.to(ScalarType.Float32) : raw).MoveToOuterDisposeScope();
    }
}
