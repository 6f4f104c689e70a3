using System.Runtime.InteropServices;
using Swan.MLNet;
using Swan.MLNet.Onnx;

namespace Swan.Training.Weights;

/// <summary>The constants of a model file's graph, in whichever precision they are stored, as they are computed with.</summary>
internal sealed class StoredConstants
{
    // What compressed and integer graphs call what a constant is stored in. Scales stretch over sides, steps lie along one.
    private const string Stored = "_stored", Scale = "_scale", Step = "_step";

    private readonly ReadOnlyMemory<byte> _model;
    private readonly string _where;
    private readonly Dictionary<string, Range> _places = new(StringComparer.Ordinal);

    /// <summary>Finds all constants.</summary>
    /// <param name="model">The ONNX model.</param>
    /// <param name="where">What messages call it.</param>
    /// <exception cref="SwanFormatException">The bytes are not an ONNX model.</exception>
    public StoredConstants(ReadOnlyMemory<byte> model, string where)
    {
        (_model, _where) = (model, where);
        try
        {
            for (var fields = new ProtobufFields(model.Span); fields.Next();)
            {
                if (fields.Number != 7 || !fields.IsBytes) continue;
                for (var graph = new ProtobufFields(fields.Bytes); graph.Next();)
                {
                    if (graph.Number != 5 || !graph.IsBytes) continue;
                    _ = model.Span.Overlaps(graph.Bytes, out int start);
                    _places[new OnnxTensor(graph.Bytes).Name] = start..(start + graph.Bytes.Length);
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new SwanFormatException($"{where} is not an ONNX model: {e.Message}", e);
        }
    }

    /// <summary>Whether a constant is there, as it is or stored in fewer bits.</summary>
    public bool Has(string name) => _places.ContainsKey(name) || _places.ContainsKey(name + Stored);

    /// <summary>A constant's sides.</summary>
    /// <exception cref="SwanFormatException">It isn't there.</exception>
    public long[] Sides(string name) => Tensor(_places.ContainsKey(name) ? name : name + Stored).Sides;

    /// <summary>A constant's values, row-major.</summary>
    /// <param name="name">Its name in a graph in float32.</param>
    /// <param name="axis">The side that steps lie along, where they are.</param>
    /// <exception cref="SwanFormatException">It isn't there, or is stored as this version doesn't know it.</exception>
    public double[] Read(string name, int axis = 0)
    {
        if (_places.ContainsKey(name)) return Values(Tensor(name));
        OnnxTensor stored = Tensor(name + Stored);
        double[] values = Values(stored);
        long[] sides = stored.Sides;
        if (_places.ContainsKey(name + Scale))
        {
            OnnxTensor scale = Tensor(name + Scale);
            Multiply(values, sides, Values(scale), scale.Sides, name);
        }
        else if (_places.ContainsKey(name + Step))
        {
            double[] steps = Values(Tensor(name + Step));
            Multiply(values, sides, steps, [.. sides.Select((_, i) => i == axis ? steps.LongLength : 1)], name);
        }
        return values;
    }

    // Numbers without a side, or with 1 where others have more, hold for all along it.
    private void Multiply(double[] values, long[] sides, double[] factors, long[] stretched, string name)
    {
        if (stretched.Length != sides.Length || stretched.Where((s, i) => s != 1 && s != sides[i]).Any())
        {
            throw new SwanFormatException(
                $"{_where} has the constant '{name}' as {string.Join('×', sides)}, and scales for it as {string.Join('×', stretched)}: "
                + "they don't belong together. The file is damaged, or was written by another program.");
        }
        for (long i = 0; i < values.LongLength; i++)
        {
            (long rest, long at, long stride) = (i, 0, 1);
            for (int side = sides.Length - 1; side >= 0; side--)
            {
                if (stretched[side] != 1) at += rest % sides[side] * stride;
                stride *= stretched[side];
                rest /= sides[side];
            }
            values[i] *= factors[at];
        }
    }

    private OnnxTensor Tensor(string name) => _places.TryGetValue(name, out Range place)
        ? new OnnxTensor(_model.Span[place])
        : throw new SwanFormatException(
            $"{_where} has no constant '{name}', in which this version stores weights: it was exported by another version or "
            + "program. Start from the run's folder, or export it again.");

    private double[] Values(OnnxTensor tensor)
    {
        long count = tensor.Sides.Aggregate(1L, (a, b) => a * b);
        ReadOnlySpan<byte> bytes = tensor.Bytes;
        double[]? values = tensor.Type switch
        {
            OnnxType.Float => Convert<float>(bytes, v => v),
            OnnxType.Float16 => Convert<Half>(bytes, v => (double)v),
            OnnxType.Int8 => Convert<sbyte>(bytes, v => v),
            OnnxType.Int32 => Convert<int>(bytes, v => v),
            _ => null,
        };
        if (values?.LongLength == count) return values;
        throw new SwanFormatException(
            $"{_where} has the constant '{tensor.Name}' as {tensor.Type}, {string.Join('×', tensor.Sides)}, in {bytes.Length} bytes, which "
            + "this version can't read back as a weight. Start from the run's folder, or export it again.");
    }

    private static double[] Convert<T>(ReadOnlySpan<byte> bytes, Func<T, double> convert) where T : unmanaged
    {
        ReadOnlySpan<T> typed = MemoryMarshal.Cast<byte, T>(bytes);
        var values = new double[typed.Length];
        for (int i = 0; i < values.Length; i++) values[i] = convert(typed[i]);
        return values;
    }
}
