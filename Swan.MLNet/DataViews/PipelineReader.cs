using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML;

namespace Swan.MLNet.DataViews;

/// <summary>Reads what <see cref="PipelineWriter"/> wrote.</summary>
internal sealed class PipelineReader
{
    private readonly ModelLoadContext _context;

    public PipelineReader(ModelLoadContext context, PipelineSignature signature)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        context.CheckAtModel(signature.ToVersionInfo());
    }

    /// <summary>The transformer's main stream.</summary>
    public BinaryReader Main => _context.Reader;

    public string Text(string name)
    {
        string text = "";
        return _context.TryLoadTextStream(name, reader => text = reader.ReadToEnd()) ? text : throw Missing(name);
    }

    /// <summary>Reads what <see cref="PipelineWriter.Options"/> wrote.</summary>
    /// <param name="type">How they are read.</param>
    /// <param name="owner">What the options are of, for messages.</param>
    /// <param name="check">Throws <see cref="ArgumentOutOfRangeException"/> for options that can't be used.</param>
    public T Options<T>(JsonTypeInfo<T> type, string owner, Action<T> check) where T : class, new()
    {
        string json = Text(PipelineStreams.Options);
        try
        {
            T options = JsonSerializer.Deserialize(json, type) ?? new T();
            check(options);
            return options;
        }
        catch (Exception e) when (e is JsonException or ArgumentOutOfRangeException)
        {
            throw new SwanFormatException(
                $"The saved pipeline's {owner} has options that can't be used: {e.Message} Save the pipeline again.", e);
        }
    }

    public byte[] Bytes(string name) => TryBytes(name) ?? throw Missing(name);

    /// <summary>The stream's bytes, or null when the pipeline was saved without it.</summary>
    public byte[]? TryBytes(string name)
    {
        byte[]? bytes = null;
        bool found = _context.TryLoadBinaryStream(name, reader =>
        {
            int length = reader.ReadInt32();
            if (length < 0) throw Damaged(name, $"it claims {length} bytes");
            // In steps: a damaged length must not allocate gigabytes before the stream turns out to be short.
            using var collected = new MemoryStream(Math.Min(length, 1 << 24));
            byte[] step = new byte[1 << 16];
            while (collected.Length < length)
            {
                int read = reader.Read(step, 0, (int)Math.Min(step.Length, length - collected.Length));
                if (read == 0) throw Damaged(name, $"it ends after {collected.Length} of {length} bytes");
                collected.Write(step, 0, read);
            }
            bytes = collected.Length == collected.Capacity ? collected.GetBuffer() : collected.ToArray();
        });
        return found ? bytes : null;
    }

    public void Binary(string name, Action<BinaryReader> read)
    {
        if (!_context.TryLoadBinaryStream(name, read)) throw Missing(name);
    }

    private static SwanFormatException Missing(string name) =>
        new($"The saved pipeline has no stream '{name}', which its Swan transformer needs. The file is damaged: save the pipeline again.");

    private static SwanFormatException Damaged(string name, string how) =>
        new($"The stream '{name}' of the saved pipeline is damaged: {how}. Save the pipeline again.");
}
