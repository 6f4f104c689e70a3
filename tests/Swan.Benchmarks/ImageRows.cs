using Microsoft.ML;
using Swan.MLNet.Imaging;

namespace Swan.Benchmarks;

/// <summary>A row of the benchmarks' data: the path of one image.</summary>
internal sealed class ImageRow
{
    public string ImagePath { get; set; } = "";
}

/// <summary>A row with its embedding, as a prediction engine gives it.</summary>
internal sealed class EmbeddedRow
{
    public float[] Embedding { get; set; } = [];
}

/// <summary>Which files of a folder make up the rows.</summary>
internal static class ImageRows
{
    /// <summary>
    /// Takes files spread evenly over a folder (sorted by name), so that every scene is in; repeats them where there are fewer files than
    /// rows.
    /// </summary>
    public static string[] Choose(string folder, int rows) => Spread(Images(folder), rows);

    /// <summary>The same of those images only that have the most frequent size among <paramref name="rows"/> evenly spread ones.</summary>
    public static (string[] Paths, int Width, int Height) ChooseOneSize(string folder, int rows)
    {
        IGrouping<(int Width, int Height), string> most = Spread(Images(folder), rows).Distinct()
            .GroupBy(path => ImageDecoder.Decode(path) is var image ? (image.Width, image.Height) : default)
            .OrderByDescending(size => size.Count()).First();
        return ([.. most], most.Key.Width, most.Key.Height);
    }

    /// <summary>Rows that are made when they are read, so that no memory goes into them: <paramref name="paths"/>, over and over.</summary>
    public static IDataView Stream(MLContext ml, string[] paths, long rows)
    {
        IEnumerable<ImageRow> Rows()
        {
            for (long i = 0; i < rows; i++) yield return new ImageRow { ImagePath = paths[i % paths.Length] };
        }

        return ml.Data.LoadFromEnumerable(new Repeatable<ImageRow>(Rows));
    }

    private static string[] Images(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder)
            .Where(f => ImageDecoder.Extensions.Contains(Path.GetExtension(f)))
            .Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new InvalidDataException(
            $"'{folder}' has no images ({string.Join(", ", ImageDecoder.Extensions)}). Name a folder with some.");
    }

    private static string[] Spread(string[] files, int rows) =>
        [.. Enumerable.Range(0, rows)
            .Select(i => rows <= files.Length ? files[(int)((long)i * files.Length / rows)] : files[i % files.Length])];

    // An iterator's own sequence could be read once only.
    private sealed class Repeatable<T>(Func<IEnumerable<T>> make) : IEnumerable<T>
    {
        public IEnumerator<T> GetEnumerator() => make().GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
