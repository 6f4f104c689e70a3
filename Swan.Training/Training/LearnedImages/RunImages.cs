using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Training;

/// <summary>Which images a run's weights have to do with: <c>learned.bin</c>, <c>validation.bin</c> and <c>taught.bin</c>.</summary>
/// <param name="Learned">What it learns from: the validation images too, with <see cref="SwanTrainerOptions.TrainOnValidation"/>.</param>
/// <param name="Validation">The validation set, learned from or not; null where there is none.</param>
/// <param name="Taught">
/// What its teachers, the model that it starts from and the run that its backbone comes from have learned from; null where it has none of
/// them. Not complete where one doesn't say.
/// </param>
internal sealed record RunImages(ImageIdentitySet Learned, ImageIdentitySet? Validation, ImageIdentitySet? Taught = null)
{
    private const string LearnedFile = "learned.bin", ValidationFile = "validation.bin", TaughtFile = "taught.bin";

    /// <summary>The files' names in a run's folder.</summary>
    public static IReadOnlyList<string> Files { get; } = [LearnedFile, ValidationFile, TaughtFile];

    /// <summary>All that the weights have learned from, themselves or through others.</summary>
    public ImageIdentitySet All => Taught is null ? Learned : Learned.Union(Taught);

    /// <summary>Reads what a run's folder says; null where it doesn't, because an earlier version trained there.</summary>
    /// <exception cref="SwanFormatException">A file is damaged.</exception>
    public static RunImages? Read(string folder) =>
        ReadSet(folder, LearnedFile) is not { } learned ? null
            : new(learned, ReadSet(folder, ValidationFile), ReadSet(folder, TaughtFile));

    /// <summary>Writes all files.</summary>
    public void Write(string folder)
    {
        WriteSet(folder, ValidationFile, Validation);
        WriteSet(folder, TaughtFile, Taught);
        // It comes last: a folder that has it has all.
        WriteSet(folder, LearnedFile, Learned);
    }

    /// <summary>Refuses images with other bytes than a run began with.</summary>
    /// <param name="folder">The run's.</param>
    /// <exception cref="SwanMismatchException">The images differ.</exception>
    public void CheckSame(string folder)
    {
        if (Read(folder) is not { } begun) return;
        string? other = !begun.Learned.HasSameImages(Learned) ? "training"
            : begun.Validation is { } validation && Validation is { } now && !validation.HasSameImages(now) ? "validation"
            : null;
        if (other is not null)
        {
            throw new SwanMismatchException(
                $"The run in '{folder}' was begun with other {other} images: the files have the same names, but other bytes. "
                + "Continuing would mix two runs. Give the images that it was begun with, or start a new run.");
        }
    }

    private static ImageIdentitySet? ReadSet(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path)) return null;
        using FileStream stream = File.OpenRead(path);
        return ImageIdentitySet.Read(stream, path);
    }

    private static void WriteSet(string folder, string name, ImageIdentitySet? set)
    {
        string path = Path.Combine(folder, name);
        if (set is null) File.Delete(path);
        else AtomicFile.Write(path, set.Write);
    }
}
