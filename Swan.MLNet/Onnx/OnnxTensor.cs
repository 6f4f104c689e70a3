using System.Runtime.InteropServices;
using System.Text;

namespace Swan.MLNet.Onnx;

/// <summary>A constant of a graph (field 5), read without copying its values.</summary>
internal readonly ref struct OnnxTensor
{
    /// <summary>
    /// Reads a constant whose sides are written one by one and whose values are raw bytes, as <see cref="OnnxGraph"/> writes them.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are not a protobuf message.</exception>
    public OnnxTensor(ReadOnlySpan<byte> message)
    {
        var sides = new List<long>();
        for (var fields = new ProtobufFields(message); fields.Next();)
        {
            switch (fields.Number)
            {
                case 1 when !fields.IsBytes: sides.Add((long)fields.Value); break;
                case 2 when !fields.IsBytes: Type = (OnnxType)fields.Value; break;
                case 8 when fields.IsBytes: Name = Encoding.UTF8.GetString(fields.Bytes); break;
                case 9 when fields.IsBytes: Bytes = fields.Bytes; break;
            }
        }
        Sides = [.. sides];
    }

    public string Name { get; } = "";

    public OnnxType Type { get; }

    public long[] Sides { get; }

    /// <summary>The values, row-major; empty where they are written otherwise.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The same constant in float32, for readers that don't know float16.</summary>
    public ProtobufMessage Widened()
    {
        ReadOnlySpan<Half> values = MemoryMarshal.Cast<byte, Half>(Bytes);
        var floats = new float[values.Length];
        for (int i = 0; i < floats.Length; i++) floats[i] = (float)values[i];
        return OnnxGraph.TensorMessage(Name, OnnxType.Float, MemoryMarshal.AsBytes(floats.AsSpan()), Sides);
    }
}
