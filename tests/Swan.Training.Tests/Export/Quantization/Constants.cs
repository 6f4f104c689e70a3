using System.Runtime.InteropServices;
using Swan.MLNet.Onnx;

namespace Swan.Training.Tests.Export;

/// <summary>The constants of a model.</summary>
internal sealed class Constants
{
    private readonly Dictionary<string, (OnnxType Type, long[] Sides, byte[] Bytes)> _all = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _all.Keys;

    /// <summary>The largest absolute value of all constants of signed bytes.</summary>
    public int LargestInt8 => _all.Values.Where(c => c.Type == OnnxType.Int8).Max(c => c.Bytes.Max(b => Math.Abs((int)(sbyte)b)));

    public static Constants Of(byte[] model)
    {
        var constants = new Constants();
        for (var fields = new ProtobufFields(model); fields.Next();)
        {
            if (fields.Number != 7) continue;
            for (var graph = new ProtobufFields(fields.Bytes); graph.Next();)
            {
                if (graph.Number != 5) continue;
                var tensor = new OnnxTensor(graph.Bytes);
                constants._all[tensor.Name] = (tensor.Type, tensor.Sides, tensor.Bytes.ToArray());
            }
        }
        return constants;
    }

    public float Single(string name) => MemoryMarshal.Cast<byte, float>(_all[name].Bytes)[0];

    public int Int32(string name) => MemoryMarshal.Cast<byte, int>(_all[name].Bytes)[0];

    public byte[] Bytes(string name) => _all[name].Bytes;

    public long[] Sides(string name) => _all[name].Sides;
}
