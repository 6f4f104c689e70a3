using Swan.MLNet;
using Swan.MLNet.Numerics;
using Swan.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Weights;

/// <summary>Gives a network's <see cref="SwanTextTower.MiniLm"/> its pretrained weights.</summary>
internal static class TextWeights
{
    private const string Head = "head.";

    /// <summary>Loads a safetensors file into the text tower; the map to the embedding's size stays as it is.</summary>
    /// <param name="network">Its text tower is overwritten; nothing is, when anything doesn't fit.</param>
    /// <param name="path">Names as <c>embeddings.word</c> and <c>layers.0.attention.query.weight</c>.</param>
    /// <exception cref="ArgumentException">The network has another text tower.</exception>
    /// <exception cref="SwanMismatchException">Tensors are missing, left over or of another shape; up to 20 of them are named.</exception>
    public static void Load(SwanNetwork network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Options.TextTower != SwanTextTower.MiniLm)
        {
            throw new ArgumentException(
                $"The network's text tower is {network.Options.TextTower}, which has no pretrained weights.", nameof(network));
        }
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        IReadOnlyDictionary<string, Tensor> file = SafeTensors.Read(path);
        var ours = network.Text.state_dict()
            .Where(t => !t.Key.StartsWith(Head, StringComparison.Ordinal))
            .ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);
        string[] faults =
        [
            .. ours.Where(t => !file.TryGetValue(t.Key, out Tensor? given) || !given.shape.SequenceEqual(t.Value.shape))
                .Select(t => file.TryGetValue(t.Key, out Tensor? given)
                    ? $"'{t.Key}' is {string.Join('×', given.shape)}, but the tower's is {string.Join('×', t.Value.shape)}"
                    : $"'{t.Key}' ({string.Join('×', t.Value.shape)}) is missing"),
            .. file.Keys.Where(name => !ours.ContainsKey(name)).Select(name => $"'{name}' is not part of the tower"),
        ];
        if (faults.Length > 0)
        {
            throw new SwanMismatchException(
                $"'{path}' doesn't fit the text tower {SwanTextTower.MiniLm}, so no weight was loaded; "
                + $"{Counted.Of(faults.Length, "problem")}: "
                    + $"{string.Join("; ", faults.Take(20))}{(faults.Length > 20 ? "; …" : "")}. "
                    + "Give a MiniLM-L6 sentence encoder whose tensors are named embeddings.word, embeddings.position, embeddings.type, "
                    + "embeddings.norm and layers.N.attention|ffn.…, and its vocabulary.");
        }

        foreach ((string name, Tensor own) in ours) own.copy_(file[name]);
    }
}
