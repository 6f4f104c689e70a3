using Swan.MLNet;
using Swan.MLNet.Numerics;
using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training.Weights;

/// <summary>Gives a network's backbone pretrained weights.</summary>
internal static class BackboneWeights
{
    // What other files call a batch norm's four tensors.
    private static readonly (string Theirs, string Ours)[] NormNames =
        [(".bn.scale", ".bn.weight"), (".bn.bias", ".bn.bias"), (".bn.mean", ".bn.running_mean"), (".bn.variance", ".bn.running_var")];

    // What a whole SWAN network calls its backbone.
    private static readonly string[] Prefixes = [.. SwanBackbones.All.Select(b => b.CheckpointName + ".").Distinct(StringComparer.Ordinal)];

    /// <summary>Loads a safetensors file into the backbone.</summary>
    /// <param name="network">Its backbone is overwritten; nothing is, when anything doesn't fit.</param>
    /// <param name="path">
    /// Names as torchvision's (<c>layer1.0.conv1.weight</c>) or as EfficientNet-Lite0's file has them; or a whole SWAN network, such as
    /// another run's <c>best.safetensors</c>, of which the backbone (<c>image_encoder.resnet.…</c>) is taken.
    /// </param>
    /// <exception cref="SwanMismatchException">Tensors are missing, left over or of another shape; up to 20 of them are named.</exception>
    public static void Load(SwanNetwork network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        IReadOnlyDictionary<string, Tensor> file = SafeTensors.Read(path);
        bool whole = file.Keys.Any(name => PrefixOf(name).Length > 0);
        var theirs = file.Where(t => !whole || PrefixOf(t.Key).Length > 0)
            .GroupBy(t => OurName(t.Key), t => t.Value, StringComparer.Ordinal)
            .ToDictionary(t => t.Key, t => t.First(), StringComparer.Ordinal);
        var ours = network.Backbone.state_dict()
            .Where(t => !t.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);

        var faults = new List<string>();
        string? head = network.Backbone.Classifier is { } classifier ? classifier + "." : null; // of the task that it was pretrained on
        foreach ((string name, Tensor own) in ours.Where(t => !IsHead(t.Key)))
        {
            if (!theirs.TryGetValue(name, out Tensor? given)) faults.Add($"'{name}' ({string.Join('×', own.shape)}) is missing");
            else if (!given.shape.SequenceEqual(own.shape))
                faults.Add($"'{name}' is {string.Join('×', given.shape)}, but the backbone's is {string.Join('×', own.shape)}");
        }

        faults.AddRange(theirs.Keys
            .Where(n => !ours.ContainsKey(n) && !IsHead(n) && !n.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .Select(n => $"'{n}' is not part of the backbone"));
        if (faults.Count > 0)
        {
            throw new SwanMismatchException(
                $"'{path}' doesn't fit the backbone {network.Options.Backbone}, so no weight was loaded; "
                + $"{Counted.Of(faults.Count, "problem")}: "
                    + $"{string.Join("; ", faults.Take(20))}{(faults.Count > 20 ? "; …" : "")}. "
                    + "Choose the backbone that the file was made for.");
        }

        foreach ((string name, Tensor own) in ours)
        {
            if (!IsHead(name)) own.copy_(theirs[name]);
        }

        bool IsHead(string name) => head is not null && name.StartsWith(head, StringComparison.Ordinal);
    }

    /// <summary>The backbone whose tensors a file has, by their names; null where it has those of none.</summary>
    /// <exception cref="SwanFormatException">It is no safetensors file.</exception>
    public static string? BackboneOf(string path)
    {
        IReadOnlyList<string> names = SafeTensors.ReadNames(path);
        bool whole = names.Any(name => PrefixOf(name).Length > 0);
        HashSet<string> theirs = [.. names.Where(n => !whole || PrefixOf(n).Length > 0).Select(OurName)];
        return SwanBackbones.All.FirstOrDefault(spec =>
        {
            using Backbone backbone = spec.Create();
            return backbone.state_dict().Keys
                .Where(n => backbone.Classifier is not { } head || !n.StartsWith(head + ".", StringComparison.Ordinal))
                .Where(n => !n.EndsWith("num_batches_tracked", StringComparison.Ordinal))
                .All(theirs.Contains);
        })?.Name;
    }

    private static string PrefixOf(string name) => Array.Find(Prefixes, p => name.StartsWith(p, StringComparison.Ordinal)) ?? "";

    private static string OurName(string name)
    {
        name = name[PrefixOf(name).Length..];
        foreach ((string theirs, string ours) in NormNames)
        {
            if (name.EndsWith(theirs, StringComparison.Ordinal)) return name[..^theirs.Length] + ours;
        }

        return name;
    }
}
