using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Training;

/// <summary>Trained weights that a run takes something from, and what they have learned from.</summary>
/// <param name="Name">What messages call them, such as <c>the teacher 'a.swan'</c>.</param>
/// <param name="Images">Null where they don't say.</param>
internal sealed record LearnedSource(string Name, ImageIdentitySet? Images)
{
    /// <summary>The run that a file of weights is the best or the last network of; null where it lies in no run's folder.</summary>
    /// <exception cref="SwanFormatException">A file of that run is damaged.</exception>
    public static LearnedSource? OfRun(string weights)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(weights))!;
        if (Path.GetFileName(folder) == SwanRun.LastFolder) folder = Path.GetDirectoryName(folder)!;
        bool isRun = File.Exists(Path.Combine(folder, SwanRun.ConfigFile)) && File.Exists(Path.Combine(folder, SwanRun.DataFile));
        return isRun ? new($"the run in '{folder}', whose backbone this run starts from,", RunImages.Read(folder)?.All) : null;
    }
}
