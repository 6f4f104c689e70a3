using NetTopologySuite.Geometries;
using Parquet;
using Swan.MLNet;
using Swan.MLNet.Search;

namespace Swan.Geo.Search;

/// <summary>Writes the windows of an index of scenes, with their outlines, as GeoParquet 1.1.</summary>
/// <remarks>
/// <para>One row per window: <c>key</c>, <c>scene</c> (string), <c>window_column</c>, <c>window_row</c>, <c>window_width</c>,
/// <c>window_height</c> (int32, pixels), <c>date</c> (timestamp of milliseconds in UTC), <c>meters_per_pixel</c>, <c>ground_side</c>
/// (double, meters), <c>geometry</c> (WKB: longitudes and latitudes of WGS 84), <c>bbox</c> (a structure of <c>xmin</c>, <c>ymin</c>,
/// <c>xmax</c>, <c>ymax</c>) and <c>embedding</c> (list of float, unit length). Unknown values are null, as are <c>geometry</c> and
/// <c>bbox</c> if a scene's coordinates can't be transformed.</para>
/// <para>A window that crosses the antimeridian is a multipolygon with a part on either side, and its <c>bbox</c> contains both, so it
/// reaches around the world: readers that filter by it read the window for either side. The key-value metadata
/// has <c>geo</c>, and the model as <c>swan.model_name</c> and <c>swan.model_fingerprint</c>.</para>
/// Safe for concurrent use on different files.
/// </remarks>
public static class SwanSceneParquet
{
    // Some 8 MB of embeddings: no more is held.
    private const int ValuesAGroup = 1 << 21;

    private const int RowsAtOnce = 256;

    /// <summary>Writes all windows of complete scenes.</summary>
    /// <param name="index">The index; it may be written to meanwhile.</param>
    /// <param name="path">The file; an old one stays until the new one is whole.</param>
    /// <param name="progress">Windows that are written.</param>
    /// <param name="cancellationToken">Ends writing; the path is as it was.</param>
    /// <returns>How many windows.</returns>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="SwanFormatException">The index is damaged.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static Task<long> SaveAsync(
        SwanSceneIndex index, string path, IProgress<SwanIndexProgress>? progress = null, CancellationToken cancellationToken = default) =>
        SaveAsync(index, path, groupRows: null, progress, cancellationToken);

    /// <summary>The same, in row groups of a size.</summary>
    internal static async Task<long> SaveAsync(
        SwanSceneIndex index, string path, int? groupRows, IProgress<SwanIndexProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentException.ThrowIfNullOrEmpty(path);
        (LiveScenes.State scenes, SwanIndexSnapshot snapshot) = Take(index);
        using (snapshot)
        {
            using AtomicFile file = AtomicFile.Create(path);
            var columns = new WindowColumns();
            var about = new GeoMetadata();
            int most = groupRows ?? Math.Max(1, ValuesAGroup / snapshot.EmbeddingSize);
            long read = 0, written = 0;
            ParquetWriter writer = await ParquetWriter.CreateAsync(
                columns.Schema, file.Stream, Options, cancellationToken: cancellationToken).ConfigureAwait(false);
            await using (writer.ConfigureAwait(false))
            {
                foreach (SwanRow row in snapshot.Rows())
                {
                    if (read++ % RowsAtOnce == 0)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        progress?.Report(new SwanIndexProgress(read - 1, snapshot.Count));
                    }
                    if (scenes.Find(row.Key) is not var (scene, place, window)) continue;
                    Geometry? footprint = LiveScenes.State.OnEarth(place.Value, window);
                    if (footprint is not null) about.Add(footprint);
                    columns.Add(row, scene.Name, window, footprint);
                    written++;
                    if (columns.Count == most) await columns.WriteAsync(writer, cancellationToken).ConfigureAwait(false);
                }
                if (columns.Count > 0 || written == 0) await columns.WriteAsync(writer, cancellationToken).ConfigureAwait(false);
                writer.CustomMetadata = Metadata(snapshot, about);
            }
            progress?.Report(new SwanIndexProgress(snapshot.Count, snapshot.Count));
            cancellationToken.ThrowIfCancellationRequested();
            file.Commit();
            return written;
        }
    }

    // Embeddings look random: looking for repeated ones costs more than writing them.
    private static ParquetOptions Options { get; } =
        new() { CompressionMethod = CompressionMethod.Snappy, DictionaryEncodingThreshold = 0, DictionaryEncodingSampleSize = 100 };

    // The names under which batch jobs say it, too, so that indexes that are made of files check it.
    private static Dictionary<string, string> Metadata(SwanIndexSnapshot snapshot, GeoMetadata about)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [GeoMetadata.Name] = about.ToString() };
        if (snapshot.Model is { } model)
            (metadata["swan.model_name"], metadata["swan.model_fingerprint"]) = (model.Name, model.Fingerprint);
        return metadata;
    }

    private static (LiveScenes.State Scenes, SwanIndexSnapshot Snapshot) Take(SwanSceneIndex index)
    {
        SwanIndexSnapshot? taken = null;
        try
        {
            return index.Together(() =>
            {
                taken?.Dispose();
                return taken = index.LiveRows.Snapshot();
            });
        }
        catch
        {
            taken?.Dispose();
            throw;
        }
    }
}
