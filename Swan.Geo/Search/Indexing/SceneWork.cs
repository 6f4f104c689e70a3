using Swan.Geo.Coordinates;
using Swan.Geo.Rasters;
using Swan.Geo.Scenes;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Search;

/// <summary>What differs between a folder of scenes and an index of it.</summary>
internal sealed record SceneWork
{
    /// <summary>New and changed scenes, by name.</summary>
    public required IReadOnlyList<PendingScene> Pending { get; init; }

    /// <summary>Scenes whose files were written again with the same bytes, and their records as they are to be.</summary>
    public required IReadOnlyList<(SceneFile File, SceneRecord Record)> Touched { get; init; }

    /// <summary>Scenes of the index whose files are no longer there.</summary>
    public required IReadOnlyList<SceneRecord> Gone { get; init; }

    public required int Unchanged { get; init; }

    /// <summary>Scenes that can't be read; those that the index has stay in it.</summary>
    public required IReadOnlyList<SwanSceneFault> Faults { get; init; }

    /// <summary>Windows of the pending scenes.</summary>
    public long Windows => Pending.Sum(p => p.Windows);

    /// <summary>Compares.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="files">Its scenes.</param>
    /// <param name="known">The index's.</param>
    /// <param name="options">How scenes are cut.</param>
    /// <param name="faults">Folders that could not be listed, by their paths; receives scenes that can't be read.</param>
    /// <param name="token">Ends the work.</param>
    public static SceneWork Find(
        string root, IReadOnlyList<SceneFile> files, IReadOnlyList<SceneRecord> known, SwanSceneOptions options,
        List<SwanSceneFault> faults, CancellationToken token)
    {
        string[] unlisted = [.. faults.Select(f => f.Scene + Path.DirectorySeparatorChar)];
        bool IsListed(SceneRecord scene) =>
            !unlisted.Any(folder => Path.GetFullPath(scene.Name, root).StartsWith(folder, StringComparison.Ordinal));

        Dictionary<string, SceneRecord> before = known.ToDictionary(s => s.Name, StringComparer.Ordinal);
        var pending = new List<PendingScene>();
        var touched = new List<(SceneFile, SceneRecord)>();
        int unchanged = 0;
        foreach (SceneFile file in files)
        {
            token.ThrowIfCancellationRequested();
            before.Remove(file.Name, out SceneRecord? record);
            if (record is not null && file.LooksLike(record))
            {
                unchanged++;
                continue;
            }
            try
            {
                string hash = file.Hash(token);
                if (record?.Hash == hash) touched.Add((file, record with { Length = file.Length, Modified = file.Modified }));
                else pending.Add(PendingScene.Look(file, hash, options) with { IsNew = record is null });
            }
            catch (Exception e) when (e is SwanException or IOException or UnauthorizedAccessException)
            {
                faults.Add(new SwanSceneFault(file.Path, e.Message));
            }
        }
        return new SceneWork
        {
            Pending = pending, Touched = touched, Gone = [.. before.Values.Where(IsListed)], Unchanged = unchanged, Faults = faults,
        };
    }
}

/// <summary>A scene that is to be read.</summary>
/// <param name="File">As it was when it was looked at.</param>
/// <param name="Hash">Of its bytes.</param>
/// <param name="Windows">That it is cut into, those without data included.</param>
/// <param name="Tags">What places it.</param>
internal sealed record PendingScene(SceneFile File, string Hash, long Windows, GeoTags Tags)
{
    /// <summary>Whether the index has nothing of it, rather than what it was before.</summary>
    public bool IsNew { get; init; }

    /// <summary>Reads a scene's header.</summary>
    public static PendingScene Look(SceneFile file, string hash, SwanSceneOptions options)
    {
        using TiffFile tiff = SceneImage.OpenFile(file.Path, options.Decoding);
        TiffFields fields = tiff.Image.Fields;
        SceneLocation location = Scene.Locate(tiff, file.Path);
        return new(file, hash, WindowGrid.Of(fields.Width, fields.Height, location.Georeference?.MetersPerPixel, options).Sum(g => g.Count),
            Placed(GeoTags.Read(tiff.Directory), location));
    }

    // What a world file says, as tags: heat maps are written with them.
    private static GeoTags Placed(GeoTags tags, SceneLocation location) =>
        location.Georeference?.Transform is { } t && tags is { PixelScale: null, Matrix: null }
            ? tags with { Matrix = [t.ColumnX, t.RowX, 0, t.OriginX, t.ColumnY, t.RowY, 0, t.OriginY, 0, 0, 0, 0, 0, 0, 0, 1] }
            : tags;

    /// <summary>What the index keeps of it.</summary>
    /// <param name="scene">The scene, read to its end.</param>
    /// <param name="rows">Rows that the index has of it.</param>
    public SceneRecord Record(Scene scene, long rows) => new()
    {
        Name = File.Name, Length = File.Length, Modified = File.Modified, Hash = Hash, Width = scene.Width, Height = scene.Height,
        Windows = rows, WithoutData = scene.Windows.WithoutData, Low = scene.Range?.Low, High = scene.Range?.High, Tags = Tags,
        Transform = scene.Place?.Transform is { } t ? [t.OriginX, t.ColumnX, t.RowX, t.OriginY, t.ColumnY, t.RowY] : null,
        Date = scene.Date, Unplaced = scene.Unplaced,
    };
}
