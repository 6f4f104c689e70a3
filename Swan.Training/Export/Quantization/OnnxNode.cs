using System.Text;
using Swan.MLNet.Onnx;

namespace Swan.Training.Export;

/// <summary>A node of a finished graph, with attributes as they are.</summary>
/// <param name="Op">The operator.</param>
/// <param name="Inputs">The values that it reads; an empty name where an optional one is left out.</param>
/// <param name="Outputs">The values that it makes.</param>
/// <param name="Message">The node's own bytes.</param>
internal sealed record OnnxNode(string Op, string[] Inputs, string[] Outputs, byte[] Message)
{
    /// <summary>Reads a graph's field 1.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a protobuf message.</exception>
    public static OnnxNode Read(ReadOnlySpan<byte> message)
    {
        string op = "";
        List<string> inputs = [], outputs = [];
        for (var fields = new ProtobufFields(message); fields.Next();)
        {
            if (fields.Number == 1) inputs.Add(Encoding.UTF8.GetString(fields.Bytes));
            if (fields.Number == 2) outputs.Add(Encoding.UTF8.GetString(fields.Bytes));
            if (fields.Number == 4) op = Encoding.UTF8.GetString(fields.Bytes);
        }
        return new(op, [.. inputs], [.. outputs], message.ToArray());
    }

    /// <summary>An attribute that is an integer, or what it is where the node doesn't have it.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a protobuf message.</exception>
    public long Integer(string attribute, long otherwise)
    {
        for (var fields = new ProtobufFields(Message); fields.Next();)
        {
            if (fields.Number != 5) continue;
            (string name, long value) = ("", otherwise);
            for (var inner = new ProtobufFields(fields.Bytes); inner.Next();)
            {
                if (inner.Number == 1) name = Encoding.UTF8.GetString(inner.Bytes);
                if (inner.Number == 3) value = (long)inner.Value;
            }
            if (name == attribute) return value;
        }
        return otherwise;
    }

    /// <summary>An attribute that is a list of integers; empty where the node doesn't have it.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a protobuf message.</exception>
    public long[] Integers(string attribute)
    {
        for (var fields = new ProtobufFields(Message); fields.Next();)
        {
            if (fields.Number != 5) continue;
            string name = "";
            var values = new List<long>();
            for (var inner = new ProtobufFields(fields.Bytes); inner.Next();)
            {
                if (inner.Number == 1) name = Encoding.UTF8.GetString(inner.Bytes);
                if (inner.Number == 8) values.Add((long)inner.Value);
            }
            if (name == attribute) return [.. values];
        }
        return [];
    }

    /// <summary>The node with other inputs and outputs.</summary>
    public ProtobufMessage With(string[] inputs, string[] outputs)
    {
        var node = new ProtobufMessage();
        foreach (string input in inputs) node.Text(1, input);
        foreach (string output in outputs) node.Text(2, output);
        for (var fields = new ProtobufFields(Message); fields.Next();)
        {
            if (fields.Number is not (1 or 2)) node.Copy(fields);
        }
        return node;
    }
}
