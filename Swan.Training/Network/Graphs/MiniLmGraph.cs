using Swan.MLNet.Onnx;
using Swan.Training.Onnx;

namespace Swan.Training.Network;

/// <summary>The MiniLM text tower in ONNX.</summary>
internal static class MiniLmGraph
{
    /// <summary>The table with a row for each token.</summary>
    public const string WordTable = $"{Tower}.embeddings.word";

    private const string Tower = "text_encoder";

    /// <summary>ids N×L, words N×L (bool, true within a caption) → h N×L×D, where rows past a caption's end are 0.</summary>
    public static string Append(OnnxGraph g, TrainedWeights weights, string ids, string words)
    {
        const int Width = MiniLmTextTower.Width, Heads = MiniLmTextTower.HeadCount;
        // N×1×1×L
        string bias = g.Node("Where", [g.Unsqueeze(words, 1, 2), g.Constant([0f], []), g.Constant([float.NegativeInfinity], [])]);
        // N×L×384
        string x = Norm(
            g.Add(g.Node("Gather", [weights.Constant(g, WordTable), ids], ("axis", 0L)), Positions()),
            "embeddings.norm");
        for (int i = 0; i < MiniLmTextTower.LayerCount; i++) x = Layer(x, $"layers.{i}");
        // N×L×D
        string h = g.Linear(x, weights.Map($"{Tower}.head"));
        return g.Multiply(h, g.Unsqueeze(g.Cast(words, OnnxType.Float), 2));

        string Layer(string input, string layer)
        {
            AffineMap query = weights.Map($"{Tower}.{layer}.attention.query").Scaled(1 / Math.Sqrt(Width / Heads));
            string scores = g.MatMul(Split(g.Linear(input, query), 0, 2, 1, 3), Split(Linear(input, $"{layer}.attention.key"), 0, 2, 3, 1));
            // N×12×L×L
            string map = g.Softmax(g.Add(scores, bias));
            string mixed = g.MatMul(map, Split(Linear(input, $"{layer}.attention.value"), 0, 2, 1, 3));
            // N×L×384
            string attended = Linear(g.Reshape(g.Transpose(mixed, 0, 2, 1, 3), 0, 0, Width), $"{layer}.attention.out");
            string y = Norm(g.Add(input, attended), $"{layer}.attention.norm");
            return Norm(g.Add(y, Linear(g.Gelu(Linear(y, $"{layer}.ffn.up")), $"{layer}.ffn.down")), $"{layer}.ffn.norm");
        }

        // A caption is one segment, so the type's row is part of every position.
        string Positions()
        {
            float[] position = weights.Values($"{Tower}.embeddings.position"), type = weights.Values($"{Tower}.embeddings.type");
            double[] both = [.. position.Select((p, i) => (double)p + type[i % Width])];
            string places = g.Node("Range", [g.Integer(0), g.Size(ids, 1), g.Integer(1)]);
            // L×384
            string table = weights.Constant(g, both, [MiniLmTextTower.Positions, Width], read =>
            {
                weights.Restore($"{Tower}.embeddings.position", read);
                weights.Restore($"{Tower}.embeddings.type", new double[type.Length]);
            });
            return g.Node("Gather", [table, places], ("axis", 0L));
        }

        string Linear(string input, string name) => g.Linear(input, weights.Map($"{Tower}.{name}"));
        string Split(string value, params long[] order) => g.Transpose(g.Reshape(value, 0, 0, Heads, Width / Heads), order);
        string Norm(string value, string name) =>
            g.LayerNormalization(
                value, weights.Constant(g, $"{Tower}.{name}.weight"), weights.Constant(g, $"{Tower}.{name}.bias"),
                (float)MiniLmTextTower.Epsilon);
    }
}
