using Swan.MLNet.Numerics;
using static System.FormattableString;

namespace Swan.Cli.Indexing;

/// <summary>Images whose keys are those of rows from another folder, as where two folders go into an index without a prefix.</summary>
/// <remarks>A folder that is gone was moved, so its images are these. One that is still there has images of its own.</remarks>
internal sealed class OtherSources
{
    private readonly Dictionary<string, (int Same, int Changed)?> _folders = new(StringComparer.Ordinal);

    /// <summary>How many such images there are.</summary>
    public int Count => _folders.Values.Sum(images => images is { } found ? found.Same + found.Changed : 0);

    /// <summary>Counts an image whose key a row has.</summary>
    /// <param name="image">The image.</param>
    /// <param name="values">The row's.</param>
    /// <param name="isSame">Whether size and date are the row's.</param>
    public void Add(ImageFile image, IReadOnlyDictionary<string, object?> values, bool isSame)
    {
        if (values.GetValueOrDefault(ImageFile.SourceColumn) is not string source || source == image.Source) return;
        // A part of a folder, or a folder around it, has the same files.
        string inside = Path.GetRelativePath(source, image.Path).Replace(Path.DirectorySeparatorChar, '/');
        if (image.Key == inside || image.Key.EndsWith($"/{inside}", StringComparison.Ordinal)) return;
        if (!_folders.TryGetValue(source, out (int Same, int Changed)? counted)) counted = Directory.Exists(source) ? (0, 0) : null;
        if (counted is { } counts) counted = isSame ? (counts.Same + 1, counts.Changed) : (counts.Same, counts.Changed + 1);
        _folders[source] = counted;
    }

    /// <summary>Says on standard error what becomes of them.</summary>
    public void Warn()
    {
        foreach ((string source, (int Same, int Changed)? counted) in _folders)
        {
            if (counted is not { } counts) continue;
            string same = Invariant($"{counts.Same:N0} of the same size and date {Counted.Verb(counts.Same)} taken for those and not ")
                + "embedded";
            string changed = Invariant($"{counts.Changed:N0} {Counted.Verb(counts.Changed, "replaces the row", "replace the rows")}");
            Console.Error.WriteLine(
                $"swan: {Counted.Of(counts.Same + counts.Changed, "image has the key of a row", "images have the keys of rows")} from "
                + $"'{source}', another folder: {same}, {changed}. If these are other images, add them with --prefix.");
        }
    }
}
