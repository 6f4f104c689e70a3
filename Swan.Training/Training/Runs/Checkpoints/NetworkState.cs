using Swan.MLNet;
using Swan.MLNet.Numerics;
using Swan.Training.Weights;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>A module's tensors in a safetensors file, under their state-dictionary names.</summary>
internal static class NetworkState
{
    public static void Save(nn.Module module, string path) => SafeTensors.Write(path, module.state_dict());

    public static void Load(nn.Module module, string path)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        IReadOnlyDictionary<string, Tensor> file = SafeTensors.Read(path);
        Dictionary<string, Tensor> state = module.state_dict();
        string[] faults = [
            .. state.Where(s => !file.TryGetValue(s.Key, out Tensor? t) || !t.shape.SequenceEqual(s.Value.shape))
                .Select(s => $"'{s.Key}' is missing or has another shape"),
            .. file.Keys.Where(name => !state.ContainsKey(name)).Select(name => $"'{name}' is left over")];
        if (faults.Length > 0)
        {
            throw new SwanFormatException(
                $"'{path}' doesn't fit the network of its configuration, {Counted.Of(faults.Length, "problem")}: "
                + $"{string.Join("; ", faults.Take(10))}.");
        }
        foreach ((string name, Tensor value) in state) value.copy_(file[name]);
    }
}
