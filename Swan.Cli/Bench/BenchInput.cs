using Swan.Cli.Outcomes;
using Swan.MLNet.Imaging;
using Swan.MLNet.Numerics;
using Swan.MLNet.Scheduling;

namespace Swan.Cli.Bench;

/// <summary>The image files and captions that are measured with. Drawn files are deleted when it is disposed.</summary>
internal sealed class BenchInput : IDisposable
{
    private const int DrawnSide = 224;
    private readonly DirectoryInfo? _drawn;

    private BenchInput(string[] paths, int unreadable, string[] captions, string text, DirectoryInfo? drawn) =>
        (Paths, Unreadable, Captions, Text, _drawn) = (paths, unreadable, captions, text, drawn);

    /// <summary>One image a row; a file may be there several times.</summary>
    public string[] Paths { get; }

    /// <summary>How many files were left out because they can't be read.</summary>
    public int Unreadable { get; }

    /// <summary>All different.</summary>
    public string[] Captions { get; }

    /// <summary>What the images are, such as <c>200 drawn JPEGs of 224×224</c>.</summary>
    public string Text { get; }

    /// <summary>Draws images.</summary>
    /// <param name="images">How many.</param>
    /// <param name="captions">How many.</param>
    public static BenchInput Draw(int images, int captions)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("swan-bench-");
        try
        {
            string[] paths = DrawnPictures.Write(folder.FullName, images, DrawnSide);
            return new(paths, 0, MadeCaptions.Make(captions), $"{Counted.Of(images, "drawn JPEG")} of {DrawnSide}×{DrawnSide}", folder);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Takes image files that are there, spread evenly over them; again from the first where there are too few.</summary>
    /// <param name="files">Of these.</param>
    /// <param name="folder">For messages.</param>
    /// <param name="images">How many.</param>
    /// <param name="captions">How many.</param>
    /// <param name="decodings">How each model reads images: those are taken that all can read.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CommandException">None can be read.</exception>
    /// <exception cref="IOException">This machine can't read one.</exception>
    public static BenchInput Read(
        string[] files, string folder, int images, int captions, IReadOnlyCollection<ImageDecodingOptions> decodings,
        CancellationToken cancellation)
    {
        string[] spread = files.Length <= images ? files
            : [.. Enumerable.Range(0, images).Select(i => files[(int)((long)i * files.Length / images)])];
        string?[] readable = new string?[spread.Length];
        ParallelWork.Run(() => Parallel.For(0, spread.Length, new ParallelOptions { CancellationToken = cancellation },
            i => readable[i] = IsReadable(spread[i], decodings) ? spread[i] : null));
        string[] good = [.. readable.OfType<string>()];
        if (good.Length == 0)
        {
            throw new CommandException(
                $"None of the {Counted.Of(spread.Length, "image")} taken from '{folder}' can be read. 'swan inspect FILE' says why.");
        }
        string[] rows = [.. Enumerable.Range(0, images).Select(i => good[i % good.Length])];
        return new(rows, spread.Length - good.Length, MadeCaptions.Make(captions),
            $"{Counted.Of(good.Length, "image")} of '{folder}'", drawn: null);
    }

    public void Dispose() => _drawn?.Delete(recursive: true);

    private static bool IsReadable(string path, IEnumerable<ImageDecodingOptions> decodings)
    {
        try
        {
            foreach (ImageDecodingOptions decoding in decodings) ImageDecoder.Decode(path, decoding);
            return true;
        }
        catch (SwanImageException)
        {
            return false;
        }
    }
}
