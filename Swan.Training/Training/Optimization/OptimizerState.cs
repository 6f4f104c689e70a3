using Swan.Training.Weights;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>An optimizer's state in a safetensors file: the steps taken, and both moments of each parameter under its name.</summary>
internal static class OptimizerState
{
    private const string Steps = "steps", First = "first.", Second = "second.";

    public static void Write(string path, FlatParameters parameters, long steps, Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal) { [Steps] = tensor(new[] { steps }) };
        foreach (string name in parameters.Names)
        {
            state[First + name] = parameters.View(first, name);
            state[Second + name] = parameters.View(second, name);
        }
        SafeTensors.Write(path, state);
    }

    /// <summary>Fills both moments, and returns the steps taken.</summary>
    /// <exception cref="InvalidDataException">The file is not of an optimizer of these parameters.</exception>
    public static long Read(string path, FlatParameters parameters, Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        IReadOnlyDictionary<string, Tensor> file = SafeTensors.Read(path);
        foreach (string name in parameters.Names)
        {
            Fill(First + name, parameters.View(first, name));
            Fill(Second + name, parameters.View(second, name));
        }
        return Entry(Steps, [1]).item<long>();

        void Fill(string name, Tensor moment) => moment.copy_(Entry(name, moment.shape));

        Tensor Entry(string name, long[] shape) => file.TryGetValue(name, out Tensor? entry) && entry.shape.SequenceEqual(shape)
            ? entry
            : throw new InvalidDataException($"'{name}' is missing or doesn't have the shape {string.Join('×', shape)}.");
    }
}
