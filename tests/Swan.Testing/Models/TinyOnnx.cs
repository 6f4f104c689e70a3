using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Swan.Testing;

/// <summary>
/// Writes small ONNX graphs, also ones that no exporter would write: what a model file must refuse needs bytes of its own.
/// </summary>
public sealed class TinyOnnx
{
    public const int Float = 1;
    public const int UInt8 = 2;
    public const int Int64 = 7;

    private readonly Message _graph = new();
    private readonly List<(string Domain, long Version)> _sets = [("", 17)];
    private bool _functions;

    public TinyOnnx Input(string name, int type, params object[] sides) => Add(11, Value(name, type, sides));

    public TinyOnnx Output(string name, int type, params object[] sides) => Add(12, Value(name, type, sides));

    public TinyOnnx Weights(string name, float[] values, params long[] sides) =>
        Add(5, Tensor(name, Float, sides).Bytes(9, MemoryMarshal.AsBytes(values.AsSpan())));

    public TinyOnnx Integers(string name, long[] values, params long[] sides) =>
        Add(5, Tensor(name, Int64, sides).Bytes(9, MemoryMarshal.AsBytes(values.AsSpan())));

    public TinyOnnx ExternalWeights(string name, string file, params long[] sides) =>
        Add(5, Tensor(name, Float, sides).Nested(13, new Message().Text(1, "location").Text(2, file)).Number(14, 1));

    public TinyOnnx Node(string op, string[] inputs, string output, params (string Name, object Value)[] attributes) =>
        Add(1, Operator("", op, inputs, output, attributes));

    public TinyOnnx ForeignNode(string domain, string op, string[] inputs, string output) =>
        Add(1, Operator(domain, op, inputs, output, []));

    /// <summary>A node whose attribute is a graph: where a hostile file might hide what the outer graph doesn't show.</summary>
    public TinyOnnx If(string condition, string output, TinyOnnx branch) =>
        Add(1, Operator("", "If", [condition], output, [])
            .Nested(5, new Message().Text(1, "then_branch").Nested(6, branch._graph).Number(20, 5)));

    public TinyOnnx OperatorSet(string domain, long version)
    {
        _sets.RemoveAll(s => s.Domain == domain);
        _sets.Add((domain, version));
        return this;
    }

    public TinyOnnx Function()
    {
        _functions = true;
        return this;
    }

    public byte[] Build()
    {
        var model = new Message().Number(1, 8).Text(2, "tests").Nested(7, _graph.Text(2, "tiny"));
        foreach ((string domain, long version) in _sets) model.Nested(8, new Message().Text(1, domain).Number(2, version));
        if (_functions) model.Nested(25, new Message().Text(1, "hidden"));
        return model.ToArray();
    }

    private TinyOnnx Add(int field, Message message)
    {
        _graph.Nested(field, message);
        return this;
    }

    private static Message Operator(string domain, string op, string[] inputs, string output, (string Name, object Value)[] attributes)
    {
        var node = new Message();
        foreach (string input in inputs) node.Text(1, input);
        node.Text(2, output).Text(4, op);
        foreach ((string name, object value) in attributes)
        {
            var attribute = new Message().Text(1, name);
            node.Nested(5, value switch
            {
                long number => attribute.Number(3, number).Number(20, 2),
                float number => attribute.Single(2, number).Number(20, 1),
                _ => throw new ArgumentException($"no attribute of type {value.GetType()}", nameof(attributes)),
            });
        }
        return domain.Length == 0 ? node : node.Text(7, domain);
    }

    private static Message Tensor(string name, int type, long[] sides)
    {
        var tensor = new Message();
        foreach (long side in sides) tensor.Number(1, side);
        return tensor.Number(2, type).Text(8, name);
    }

    private static Message Value(string name, int type, object[] sides)
    {
        var shape = new Message();
        foreach (object side in sides)
            shape.Nested(1, side is string symbol ? new Message().Text(2, symbol) : new Message().Number(1, Convert.ToInt64(side, null)));
        return new Message().Text(1, name).Nested(2, new Message().Nested(1, new Message().Number(1, type).Nested(2, shape)));
    }

    private sealed class Message
    {
        private readonly MemoryStream _bytes = new();

        public byte[] ToArray() => _bytes.ToArray();

        public Message Number(int field, long value)
        {
            Varint((ulong)field << 3);
            Varint((ulong)value);
            return this;
        }

        public Message Single(int field, float value)
        {
            Varint(((ulong)field << 3) | 5);
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            _bytes.Write(bytes);
            return this;
        }

        public Message Bytes(int field, ReadOnlySpan<byte> value)
        {
            Varint(((ulong)field << 3) | 2);
            Varint((ulong)value.Length);
            _bytes.Write(value);
            return this;
        }

        public Message Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

        public Message Nested(int field, Message value) => Bytes(field, value.ToArray());

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7) _bytes.WriteByte((byte)(value | 0x80));
            _bytes.WriteByte((byte)value);
        }
    }
}
