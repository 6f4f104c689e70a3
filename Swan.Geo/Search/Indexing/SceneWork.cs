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

    /// <summary>Scenes that are broken as they were, though their files were written again; as they are to be remembered.</summary>
    public required IReadOnlyList<BrokenScene> StillBroken { get; init; }

    /// <summary>Compares.</summary>
    /// <param name="list">The index's scenes, and how scenes are cut.</param>
    /// <param name="files">The folder's scenes.</param>
    /// <param name="update">What to do about scenes that are broken or gone.</param>
    /// <param name="faults">Folders that could not be listed, by their paths; receives scenes that can't be read.</param>
    /// <param name="token">Ends the work.</param>
    public static SceneWork Find(
        SceneList list, IReadOnlyList<SceneFile> files, SwanSceneIndexerOptions update, List<SwanSceneFault> faults,
        CancellationToken token)
    {
        string[] unlisted = [.. faults.Select(f => f.Scene + Path.DirectorySeparatorChar)];
        bool IsListed(SceneRecord scene) =>
            !unlisted.Any(folder => Path.GetFullPath(scene.Name, list.Folder).StartsWith(folder, StringComparison.Ordinal));

        SwanSceneOptions options = list.Windows.ToOptions();
        Dictionary<string, SceneRecord> before = list.Scenes.ToDictionary(s => s.Name, StringComparer.Ordinal);
        Dictionary<string, BrokenScene> broken = list.Broken.Where(b => !update.RetryBad && b.IsOfThisVersion)
            .ToDictionary(b => b.Name, StringComparer.Ordinal);
        var pending = new List<PendingScene>();
        var touched = new List<(SceneFile, SceneRecord)>();
        var still = new List<BrokenScene>();
        int unchanged = 0;
        foreach (SceneFile file in files)
        {
            token.ThrowIfCancellationRequested();
            before.Remove(file.Name, out SceneRecord? record);
            BrokenScene? bad = broken.GetValueOrDefault(file.Name);
            if (record is not null && file.LooksLike(record))
            {
                unchanged++;
                continue;
            }
            if (bad is not null && file.LooksLike(bad))
            {
                faults.Add(bad.At(file.Path));
                continue;
            }
            try
            {
                // Reading the header costs less than reading all bytes.
                PendingScene looked = PendingScene.Look(file, options, token) with { IsNew = record is null };
                looked = looked with { Hash = file.Hash(token) };
                if (looked.Hash == record?.Hash)
                {
                    touched.Add((file, record with { Length = file.Length, Modified = file.Modified }));
                }
                else if (looked.Hash == bad?.Hash)
                {
                    still.Add(bad with { Length = file.Length, Modified = file.Modified });
                    faults.Add(bad.At(file.Path));
                }
                else
                {
                    pending.Add(looked);
                }
            }
            catch (Exception e) when (e is SwanException or IOException or UnauthorizedAccessException)
            {
                faults.Add(SwanSceneFault.Of(file.Path, e));
            }
        }
        HashSet<SceneRecord> gone = [.. before.Values.Where(IsListed)];
        if (!update.RemoveGoneFolders)
        {
            foreach ((string folder, List<SceneRecord> scenes) in GoneScenes.ByEmptyFolder(list.Folder, gone, files))
            {
                gone.ExceptWith(scenes);
                faults.Add(GoneScenes.Kept(folder, scenes.Count));
            }
        }
        return new SceneWork
        {
            Pending = pending, Touched = touched, StillBroken = still, Gone = [.. gone], Unchanged = unchanged, Faults = faults,
        };
    }
}

/// <summary>A scene that is to be read.</summary>
/// <param name="File">As it was when it was looked at.</param>
/// <param name="Windows">That it is cut into, those without data included.</param>
internal sealed record PendingScene(SceneFile File, long Windows)
{
    /// <summary>Of its bytes.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Whether the index has nothing of it, rather than what it was before.</summary>
    public bool IsNew { get; init; }

    /// <summary>Reads a scene's header.</summary>
    public static PendingScene Look(SceneFile file, SwanSceneOptions options, CancellationToken token)
    {
        using Scene scene = Scene.Open(file.Path, options, token);
        return new(file, scene.Count);
    }

    /// <summary>What became of the file since it was looked at; null for nothing.</summary>
    public SwanSceneException? Changed => File.Now() is var now && now == File ? null : new SwanSceneException(
        File.Path, now.Length < 0 ? "it was removed while it was read. Index again."
        : "it was written to while it was read. Index again when the writer is done.");

    /// <exception cref="SceneReadException">It has changed since it was looked at.</exception>
    public void ThrowIfChanged()
    {
        if (Changed is { } changed) throw new SceneReadException(changed);
    }

    /// <summary>What the index keeps of it.</summary>
    /// <param name="scene">The scene, read to its end.</param>
    /// <param name="rows">Rows that the index has of it.</param>
    public SceneRecord Record(Scene scene, long rows) => new()
    {
        Name = File.Name, Length = File.Length, Modified = File.Modified, Hash = Hash, Width = scene.Width, Height = scene.Height,
        Windows = rows, WithoutData = scene.Windows.WithoutData, Low = scene.Range?.Low, High = scene.Range?.High, Tags = scene.Tags,
        Transform = scene.Place?.Transform is { } t ? [t.OriginX, t.ColumnX, t.RowX, t.OriginY, t.ColumnY, t.RowY] : null,
        Date = scene.Date, Unplaced = scene.Unplaced,
    };
}
