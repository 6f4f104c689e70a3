using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;
using Swan.Training.Network;

namespace Swan.Training;

/// <summary>The finished model or run that a new run starts from: what it is like, and its weights.</summary>
/// <remarks>Opening reads what describes it, not its weights.</remarks>
internal abstract class InitialModel
{
    /// <summary>Its path, as it was given.</summary>
    public required string Path { get; init; }

    /// <summary>The shape of its network, with the rows of its own word table.</summary>
    public required SwanNetworkOptions Network { get; init; }

    /// <summary>How its captions become ids.</summary>
    public required ICaptionTokenizer Tokenizer { get; init; }

    /// <summary>What messages call it: with its kind.</summary>
    public abstract string Name { get; }

    /// <summary>What it has learned from.</summary>
    public abstract LearnedSource Learned { get; }

    /// <summary>Opens a model file or a run's folder.</summary>
    /// <exception cref="FileNotFoundException">There is neither.</exception>
    /// <exception cref="SwanFormatException">It is neither, or a file of it is damaged.</exception>
    public static InitialModel Open(string path) => Directory.Exists(path) ? InitialRun.Open(path) : InitialFile.Open(path);

    /// <summary>The file that its weights are in: the model file, or the best weights of a run's folder.</summary>
    public static string WeightsOf(string path) => Directory.Exists(path) ? System.IO.Path.Combine(path, SwanRun.BestFile) : path;

    /// <summary>Whether its weights are in a model file, where batch norms are part of what they follow.</summary>
    public static bool IsFile(string path) => !Directory.Exists(path);

    /// <summary>Gives a network its weights.</summary>
    /// <param name="network">Of this shape, on the CPU.</param>
    /// <exception cref="SwanFormatException">A file is damaged; the message names it.</exception>
    /// <exception cref="SwanMismatchException">The weights are not those of the shape that the file describes.</exception>
    public abstract void Load(SwanNetwork network);
}
