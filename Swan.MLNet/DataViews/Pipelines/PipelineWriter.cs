using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML;

namespace Swan.MLNet.DataViews;

/// <summary>Writes a transformer's own streams into a saved ML.NET pipeline.</summary>
internal sealed class PipelineWriter
{
    private readonly ModelSaveContext _context;

    public PipelineWriter(ModelSaveContext context, PipelineSignature signature)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        context.CheckAtModel();
        context.SetVersionInfo(signature.ToVersionInfo());
    }

    /// <summary>The transformer's main stream.</summary>
    public BinaryWriter Main => _context.Writer;

    public void Text(string name, string text) => _context.SaveTextStream(name, writer => writer.Write(text));

    /// <summary>Writes a transformer's options as JSON.</summary>
    public void Options<T>(T options, JsonTypeInfo<T> type) => Text(PipelineStreams.Options, JsonSerializer.Serialize(options, type));

    public void Bytes(string name, ReadOnlyMemory<byte> bytes) => Binary(name, writer =>
    {
        writer.Write(bytes.Length);
        writer.Write(bytes.Span);
    });

    public void Binary(string name, Action<BinaryWriter> write) => _context.SaveBinaryStream(name, write);
}
