using Swan.MLNet.ModelFiles;
using Swan.MLNet.Onnx;
using Swan.Training.Onnx;

namespace Swan.Training.Network;

/// <summary>GA in ONNX, for the last word's query only, with the batch normalization that follows it folded into the values.</summary>
/// <remarks>Attention weights sum to 1, so scaling and shifting the values is the same as scaling and shifting what comes out.</remarks>
internal sealed class GatedAttentionGraph
{
    private readonly OnnxGraph _g;
    private readonly int _heads, _headWidth, _width;
    private readonly bool _floor;
    private readonly TextContract _contract;
    private readonly AffineMap _query, _key, _value, _gateQuery, _gateKey, _queryMask, _keyMask;

    public GatedAttentionGraph(OnnxGraph g, SwanNetworkOptions options, TrainedWeights weights, TextContract contract)
    {
        (_g, _heads, _width, _headWidth, _contract) =
            (g, options.GaHeads, options.EmbeddingSize, options.EmbeddingSize / options.GaHeads, contract);
        _floor = options.Variant == SwanVariant.Reference;
        _query = weights.Map("tcge.ga.linears.0");
        _key = weights.Map("tcge.ga.linears.1");
        _value = weights.Map("tcge.ga.linears.2").Then(weights.Normalization("tcge.bn_1d"));
        _gateQuery = weights.Map("tcge.ga.fc_q");
        _gateKey = weights.Map("tcge.ga.fc_k");
        (_queryMask, _keyMask) = weights.Map("tcge.ga.fc_g").Halves(); // 2D/H outputs: the query's half, then the key's
    }

    /// <summary>h N×L×D, lengths N, last N×1 → N×D.</summary>
    public string Append(string h, string lengths, string last)
    {
        string q = Heads(_g.Linear(h, _query)), k = Heads(_g.Linear(h, _key)), v = Heads(_g.Linear(h, _value));    // N×L×H×D/H
        string gate = _g.Multiply(_g.Linear(q, _gateQuery), _g.Linear(k, _gateKey));                               // N×L×H×D/H
        k = _g.Multiply(k, Sigmoid(_g.Linear(gate, _keyMask)));
        // N×H×D/H
        string asked = _g.Multiply(TcgeGraph.AtLast(_g, q, last), Sigmoid(_g.Linear(TcgeGraph.AtLast(_g, gate, last), _queryMask)));
        asked = _g.Unsqueeze(_g.Multiply(asked, _g.Constant([1 / Math.Sqrt(_headWidth)], [])), 2);                 // N×H×1×D/H

        string scores = Floored(_g.MatMul(asked, _g.Transpose(k, 0, 2, 3, 1)));                                    // N×H×1×L
        string words = _g.Unsqueeze(TextTowerGraph.Valid(_g, _g.Size(h, 1), lengths), 1, 2);                       // N×1×1×L
        scores = _g.Node("Where", [words, scores, _g.Constant([float.NegativeInfinity], [])]);
        v = _g.Transpose(v, 0, 2, 1, 3);                                                                           // N×H×L×D/H
        string mixed = _contract.Padding == SwanPadding.Fixed ? WithPadding(asked, scores, v, lengths) : _g.MatMul(_g.Softmax(scores), v);
        return _g.Reshape(mixed, 0, _width);
    }

    /// <summary>
    /// All padding positions have one key and one value: a single one with log(their number) on its score stands for them.
    /// </summary>
    private string WithPadding(string asked, string scores, string v, string lengths)
    {
        (double[] key, double[] value) = PaddingKeyAndValue();
        string count = _g.Node("Max", [_g.Node("Sub", [_g.Integer(_contract.PaddedLength), lengths]), _g.Integer(0)]);
        string weight = _g.Unsqueeze(_g.Node("Log", [_g.Cast(count, OnnxType.Float)]), 1, 2, 3);                   // N×1×1×1; −∞ for none
        string padding = Floored(_g.MatMul(asked, _g.Constant(key.AsSpan(), 1, _heads, _headWidth, 1)));          // N×H×1×1
        string map = _g.Softmax(_g.Concat(3, scores, _g.Add(padding, weight)));                                    // N×H×1×(L+1)
        string words = _g.Node("Slice", [map, _g.Integers(0), _g.Integers(-1), _g.Integers(3)]);
        string rest = _g.Node("Slice", [map, _g.Integers(-1), _g.Integers(long.MaxValue), _g.Integers(3)]);
        return _g.Add(_g.MatMul(words, v), _g.Multiply(rest, _g.Constant(value.AsSpan(), 1, _heads, 1, _headWidth)));
    }

    // At padding h is 0, so the projections are their biases.
    private (double[] Key, double[] Value) PaddingKeyAndValue()
    {
        var key = new double[_width];
        for (int head = 0; head < _heads; head++)
        {
            Range part = (head * _headWidth)..((head + 1) * _headWidth);
            double[] k = _key.Bias[part];
            double[] gate = [.. _gateQuery.Apply(_query.Bias[part]).Zip(_gateKey.Apply(k), (a, b) => a * b)];
            double[] mask = _keyMask.Apply(gate);
            for (int i = 0; i < _headWidth; i++) key[part.Start.Value + i] = k[i] / (1 + Math.Exp(-mask[i]));
        }

        return (key, _value.Bias);
    }

    private string Heads(string x) => _g.Reshape(x, 0, 0, _heads, _headWidth);

    private string Floored(string scores) => _floor ? _g.Node("Floor", [scores]) : scores;

    private string Sigmoid(string x) => _g.Node("Sigmoid", [x]);
}
