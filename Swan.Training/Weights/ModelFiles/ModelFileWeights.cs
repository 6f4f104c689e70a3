using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using Swan.Training.Network;
using Swan.Training.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Weights;

/// <summary>Reads a model file's weights back into a network of its shape.</summary>
/// <remarks>
/// The graphs are built once more, from the network as it is, and the builders note which constants the weights become
/// (<see cref="WeightOrigins"/>). The file's constants of the same names then lead back. What export folds together doesn't come apart
/// again: the network computes the same, but batch norms are the identity, and VMSF's chains of convolutions are one convolution and the
/// identity. What a graph doesn't have, as nothing reads it, stays as it is.
/// </remarks>
internal static class ModelFileWeights
{
    /// <summary>Overwrites a network's weights.</summary>
    /// <param name="network">On the CPU, of the file's shape.</param>
    /// <param name="file">In float32, with weights in fewer bits, or with integer arithmetic; normalized or not.</param>
    /// <exception cref="SwanFormatException">
    /// A constant is missing, of another shape or damaged; the message names file and constant.
    /// </exception>
    public static void Load(SwanNetwork network, SwanModelFile file)
    {
        OpenGate(network);
        Load(network, file.ImageOnnx, $"the image graph of '{file.Name}'",
            weights => ImageTowerGraph.Build(network.Options, weights, file.Card.Image));
        Load(network, file.TextOnnx, $"the text graph of '{file.Name}'",
            weights => TextTowerGraph.Build(network.Options, weights, file.Card.Text));
    }

    // The gate is part of the weights before it, and comes back as what it is at the start; from 0 nothing would.
    private static void OpenGate(SwanNetwork network)
    {
        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        if (network.state_dict().GetValueOrDefault("image_gate") is { } gate && gate.item<float>() == 0) gate.fill_(1);
    }

    private static void Load(SwanNetwork network, ReadOnlyMemory<byte> model, string where, Func<TrainedWeights, byte[]> build)
    {
        var constants = new StoredConstants(model, where);
        var origins = new WeightOrigins();
        build(new TrainedWeights(network, origins));
        foreach (StoredMap map in origins.Maps) map.Back(Weight(constants, map, where), Bias(constants, map, where));
        foreach (StoredTensor tensor in origins.Tensors)
        {
            CheckSides(where, tensor.Constant, constants.Sides(tensor.Constant), tensor.Sides);
            tensor.Back(constants.Read(tensor.Constant));
        }

        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> state = network.state_dict();
        foreach ((string name, float[] values) in origins.Restored) state[name].copy_(tensor(values).view(state[name].shape));
    }

    private static double[] Weight(StoredConstants constants, StoredMap map, string where)
    {
        string integer = $"{map.Made}_weight";
        bool isInteger = !constants.Has(map.Weight) && constants.Has(integer);
        string name = isInteger ? integer : map.Weight;
        long[] sides = constants.Sides(name);
        double[] values = constants.Read(name, map.Linear ? sides.Length - 1 : 0);
        if (isInteger && !map.Linear && map.Sides.Length == 4 && !sides.SequenceEqual(map.Sides))
        {
            var grouped = new GroupedKernel(GroupedKernel.Pixels, map.Stride, map.Before);
            CheckSides(where, name, sides, grouped.Sides(map.Sides));
            return grouped.Undo<double>(values, map.Sides);
        }
        CheckSides(where, name, sides, map.Sides);
        return map.Linear ? Transposed(values, (int)sides[0], (int)sides[1]) : values;
    }

    private static double[] Bias(StoredConstants constants, StoredMap map, string where)
    {
        string integer = $"{map.Made}_bias";
        string name = !constants.Has(map.Bias) && constants.Has(integer) ? integer : map.Bias;
        int count = (int)(map.Linear ? map.Sides[1] : map.Sides[0]);
        double[] values = constants.Read(name);
        // Columns that are taken together have the same bias, once each.
        if (name == integer && values.Length > count && values.Length % count == 0) values = values[..count];
        CheckSides(where, name, [values.Length], [count]);
        return values;
    }

    private static double[] Transposed(double[] values, int rows, int columns)
    {
        var transposed = new double[values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++) transposed[column * rows + row] = values[row * columns + column];
        }
        return transposed;
    }

    private static void CheckSides(string where, string name, long[] sides, long[] expected)
    {
        if (sides.SequenceEqual(expected)) return;
        throw new SwanFormatException(
            $"{where} has the constant '{name}' as {string.Join('×', sides)}, but a network of the card's shape has "
            + $"{string.Join('×', expected)}: the model was exported by another version or program, or its card doesn't fully describe its "
            + "shape. Start from the run's folder, or export it again.");
    }
}
