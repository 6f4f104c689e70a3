using System.Text;

namespace Swan.MLNet.Onnx;

internal sealed partial class OnnxGraph
{
    /// <summary>
    /// Appends another model's nodes and weights as they are, under their own names. What the model declares as inputs has to be called so
    /// (<see cref="Call"/>) before; what it declares as outputs are values like others afterward. From then on, this graph's operators
    /// mean what that model's operator set says.
    /// </summary>
    /// <param name="model">The other model.</param>
    /// <param name="renamed">
    /// One of that model's values, and what it is called here: for an output whose name is needed for another. Graphs within its nodes (of
    /// <c>If</c> or <c>Loop</c>) aren't looked into.
    /// </param>
    /// <param name="widen">
    /// Constants in float16 become float32: stock ML.NET refuses a graph that has any, and the <c>Cast</c> behind each (Swan writes them
    /// for nothing else) then has nothing left to do.
    /// </param>
    /// <exception cref="InvalidDataException">The bytes are not an ONNX model.</exception>
    public void Include(ReadOnlySpan<byte> model, (string Value, string Called)? renamed = null, bool widen = true)
    {
        ReadOnlySpan<byte> graph = default;
        for (var fields = new ProtobufFields(model); fields.Next();)
        {
            switch (fields.Number)
            {
                case 1 when !fields.IsBytes: _irVersion = (long)fields.Value; break;
                case 7 when fields.IsBytes: graph = fields.Bytes; break;
                case 8 when fields.IsBytes:
                    (string domain, long version) = OperatorSet(fields.Bytes);
                    _operatorSets[domain] = version;
                    break;
            }
        }
        for (var fields = new ProtobufFields(graph); fields.Next();)
        {
            // Nodes, initializers, types of values, quantization annotations, sparse initializers. Not name, inputs and outputs.
            if (fields.Number is not (1 or 5 or 13 or 14 or 15) || !fields.IsBytes) continue;
            if (widen && fields.Number == 5 && new OnnxTensor(fields.Bytes) is { Type: OnnxType.Float16 } half)
                _graph.Nested(5, half.Widened());
            else if (renamed is { } names && fields.Number == 1) _graph.Nested(1, Renamed(fields.Bytes, names.Value, names.Called));
            else _graph.Copy(fields);
        }
    }

    /// <summary>The version of the standard operators that a model uses, or 0 where it doesn't say.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an ONNX model.</exception>
    public static long OperatorSetOf(ReadOnlySpan<byte> model)
    {
        for (var fields = new ProtobufFields(model); fields.Next();)
        {
            if (fields.Number == 8 && fields.IsBytes && OperatorSet(fields.Bytes) is ("", var version)) return version;
        }
        return 0;
    }

    // A node's inputs are its fields 1, its outputs 2, and its own name, often that of its output, 3.
    private static ProtobufMessage Renamed(ReadOnlySpan<byte> node, string value, string called)
    {
        var renamed = new ProtobufMessage();
        byte[] name = Encoding.UTF8.GetBytes(value);
        for (var fields = new ProtobufFields(node); fields.Next();)
        {
            if (fields.Number is 1 or 2 or 3 && fields.IsBytes && fields.Bytes.SequenceEqual(name)) renamed.Text(fields.Number, called);
            else renamed.Copy(fields);
        }
        return renamed;
    }

    private static (string Domain, long Version) OperatorSet(ReadOnlySpan<byte> bytes)
    {
        (string domain, long version) = ("", 0);
        for (var fields = new ProtobufFields(bytes); fields.Next();)
        {
            if (fields.Number == 1 && fields.IsBytes) domain = Encoding.UTF8.GetString(fields.Bytes);
            if (fields.Number == 2 && !fields.IsBytes) version = (long)fields.Value;
        }
        // The standard operators have two names.
        return (domain == "ai.onnx" ? "" : domain, version);
    }
}
