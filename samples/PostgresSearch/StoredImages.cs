using Microsoft.ML;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace PostgresSearch;

/// <summary>The images of a folder through an ML.NET pipeline, as rows of the table.</summary>
internal static class StoredImages
{
    /// <summary>Embeds a folder's images in batches while they are read; files that are no images are left out.</summary>
    /// <exception cref="FileNotFoundException">The folder has no image.</exception>
    public static (int Files, IEnumerable<StoredImage> Rows) Of(
        string folder, SwanModel model, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> paths = ImageFolder.List(folder, cancellationToken: cancellationToken);
        if (paths.Count == 0) throw new FileNotFoundException($"There are no images in '{folder}'.");
        var ml = new MLContext(seed: 0);
        IDataView files = ml.Data.LoadFromEnumerable(paths.Select(path => new Picture { Path = path }));
        // Any steps of ML.NET can come before and after this one.
        var pipeline = ml.Transforms.SwanEmbedding("Embedding", "Path", model, new()
        {
            ImageFolder = folder, OnError = SwanOnError.Skip, CancellationToken = cancellationToken,
        });
        return (paths.Count, ml.Data.CreateEnumerable<EmbeddedPicture>(pipeline.Fit(files).Transform(files), reuseRowObject: false)
            .Select(row => StoredImage.Of(folder, row.Path, row.Embedding)));
    }

    private sealed class Picture
    {
        public string Path { get; set; } = "";
    }

    private sealed class EmbeddedPicture
    {
        public string Path { get; set; } = "";

        public float[] Embedding { get; set; } = [];
    }
}
