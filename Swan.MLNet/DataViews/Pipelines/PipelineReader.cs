using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML;

namespace Swan.MLNet.DataViews;

/// <summary>Reads what <see cref="PipelineWriter"/> wrote.</summary>
internal sealed class PipelineReader
{
    private const int LongestName = 1 << 16, LongestText = 1 << 24;

    private readonly ModelLoadContext _context;

    public PipelineReader(ModelLoadContext context, PipelineSignature signature)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        // There is none where a transformer is a stream by itself.
        if (context.Repository is { } repository) PipelineArchive.CheckUnlessDone(repository._archive);
        context.CheckAtModel(signature.ToVersionInfo());
    }

    /// <summary>The next name in the transformer's main stream.</summary>
    public string Name()
    {
        try
        {
            string name = _context.Reader.ReadString();
            return name.Length <= LongestName ? name : throw Damaged("Model.key", $"it claims a name of {name.Length:N0} characters");
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            throw Damaged("Model.key", e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>The next number in the transformer's main stream.</summary>
    public int Int32()
    {
        try
        {
            return _context.Reader.ReadInt32();
        }
        catch (EndOfStreamException e)
        {
            throw Damaged("Model.key", e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>Whether there is a stream of text.</summary>
    public bool HasText(string name) => _context.TryLoadTextStream(name, static _ => { });

    /// <summary>A stream of text, of at most 16 Mi characters.</summary>
    public string Text(string name)
    {
        var text = new StringBuilder();
        bool found = _context.TryLoadTextStream(name, reader =>
        {
            char[] part = new char[1 << 12];
            for (int read; (read = reader.Read(part)) > 0;)
            {
                text.Append(part, 0, read);
                if (text.Length > LongestText) throw Damaged(name, $"it has over {LongestText:N0} characters");
            }
        });
        return found ? text.ToString() : throw Missing(name);
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

    /// <summary>A stream's bytes.</summary>
    /// <param name="name">The stream.</param>
    /// <param name="longest">The most bytes that it may have.</param>
    public byte[] Bytes(string name, long longest)
    {
        byte[]? bytes = null;
        bool found = _context.TryLoadBinaryStream(name, reader =>
        {
            // ML.NET gives a temporary file or memory, which know their lengths.
            long left = reader.BaseStream.Length - sizeof(int);
            int length = left < 0 ? 0 : reader.ReadInt32();
            if (length < 0 || length != left) throw Damaged(name, $"it claims {length:N0} bytes, but has {Math.Max(0, left):N0}");
            if (length > longest) throw Damaged(name, $"it has {length:N0} bytes; the limit is {longest:N0}");
            bytes = new byte[length];
            reader.BaseStream.ReadExactly(bytes);
        });
        return found ? bytes! : throw Missing(name);
    }

    public void Binary(string name, Action<BinaryReader> read)
    {
        if (!_context.TryLoadBinaryStream(name, read)) throw Missing(name);
    }

    private static SwanFormatException Missing(string name) =>
        new($"The saved pipeline has no stream '{name}', which its Swan transformer needs. The file is damaged: save the pipeline again.");

    private static SwanFormatException Damaged(string name, string how, Exception? cause = null) =>
        new($"The stream '{name}' of the saved pipeline is damaged: {how}. Save the pipeline again.", cause);
}
