using Swan.Geo.Scenes;
using Swan.MLNet;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.Geo.Search;

/// <summary>
/// Compares a folder of GeoTIFFs with its index, and updates the index; indexed scenes are not read again.
/// </summary>
/// <remarks>Not safe for concurrent use. An index has one writer at a time.</remarks>
public sealed class SwanSceneIndexer
{
    private readonly SceneIndexFolder _folder;
    private readonly SceneList _list;
    private readonly SceneWork _work;

    private SwanSceneIndexer(SceneIndexFolder folder, SceneList list, SceneWork work) =>
        (_folder, _list, _work) = (folder, list, work);

    /// <summary>Scenes that the index doesn't have.</summary>
    public int Added => _work.Pending.Count(p => p.IsNew);

    /// <summary>Scenes whose content has changed.</summary>
    public int Changed => _work.Pending.Count(p => !p.IsNew);

    /// <summary>Unchanged scenes, including files that were rewritten with the same bytes.</summary>
    public int Unchanged => _work.Unchanged + _work.Touched.Count;

    /// <summary>Scenes of the index whose files are gone.</summary>
    public int Removed => _work.Gone.Count;

    /// <summary>Windows to embed, including those without data.</summary>
    public long Windows => _work.Windows;

    /// <summary>Scenes that can't be read.</summary>
    public IReadOnlyList<SwanSceneFault> Faults => _work.Faults;

    /// <summary>Examines a folder: lists its files and reads the bytes of those that look new.</summary>
    /// <param name="folder">The index; <see cref="Run"/> creates a new one in a folder that is missing or empty.</param>
    /// <param name="scenes">The folder of GeoTIFFs (.tif, .tiff, .gtiff, .btf, .tf8), including its subfolders.</param>
    /// <param name="options">How scenes are cut. Null: the index's options, or the defaults of a new one.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="SwanSceneException">The folder has no GeoTIFF.</exception>
    /// <exception cref="SwanOptionsException">The options are not valid, an index has other windows, or its folder is a URL or holds other
    /// files.</exception>
    /// <exception cref="SwanFormatException">The index is damaged.</exception>
    public static SwanSceneIndexer Look(
        string folder, string scenes, SwanSceneOptions? options = null, CancellationToken cancellationToken = default) =>
        Look(folder, scenes, options, new SwanSceneIndexerOptions(), cancellationToken);

    /// <summary>Examines a folder, with options for scenes that are broken or gone.</summary>
    /// <inheritdoc cref="Look(string, string, SwanSceneOptions?, CancellationToken)" path="/*[not(self::param)]"/>
    /// <param name="folder">The index; <see cref="Run"/> creates a new one in a folder that is missing or empty.</param>
    /// <param name="scenes">The folder of GeoTIFFs.</param>
    /// <param name="options">How scenes are cut. Null: the index's options, or the defaults of a new one.</param>
    /// <param name="update">What to do about scenes that are broken or gone.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static SwanSceneIndexer Look(
        string folder, string scenes, SwanSceneOptions? options, SwanSceneIndexerOptions update, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(scenes);
        ArgumentNullException.ThrowIfNull(update);
        options?.Validate();
        var at = new SceneIndexFolder(folder);
        at.ThrowIfUnusable(scenes);
        var faults = new List<SwanSceneFault>();
        IReadOnlyList<SceneFile> files = SceneFiles.List(scenes, faults);
        // A folder that is not mounted is empty, too: an index is not emptied for it.
        if (files.Count == 0 && !(at.Exists && update.RemoveGoneFolders))
        {
            throw new SwanSceneException(scenes, SceneFiles.WhyNone(scenes)
                + (at.Exists ? $" The index in '{folder}' stays as it is: a folder that isn't mounted looks the same. Mount it; or index "
                    + "with --gone (SwanSceneIndexerOptions.RemoveGoneFolders) if its scenes were deleted." : ""));
        }
        SceneList list = at.Exists ? SceneList.Read(folder) : new SceneList
        {
            Folder = Path.GetFullPath(scenes), Windows = WindowRule.Of(options ?? new()), Scenes = [],
        };
        if (options is not null && WindowRule.Of(options) is var asked && asked != list.Windows)
        {
            throw new SwanOptionsException($"The index in '{folder}' has other windows, so searches would compare windows that can't be "
                + $"compared. It has {list.Windows}; expected {asked}. Leave the options out, or index into another folder.");
        }
        if (Path.GetFullPath(scenes) is var asIs && asIs != list.Folder)
        {
            // A folder that was moved as it is; any other would take the place of what the index has.
            if (Directory.Exists(list.Folder) || list.Scenes.Any(s => files.All(f => f.Name != s.Name)))
            {
                throw new SwanOptionsException($"The index in '{folder}' is of the scenes in '{list.Folder}', not in '{asIs}'. "
                    + "Index them into another folder, or put links to both folders into a third one.");
            }
            list = list with { Folder = asIs };
        }
        return new(at, list, SceneWork.Find(list, files, update, faults, cancellationToken));
    }

    /// <summary>Embeds the windows of new and changed scenes, and removes those of scenes that are gone.</summary>
    /// <remarks>
    /// A scene counts once it is complete; windows embedded before the work was canceled or killed are not embedded again. A scene that
    /// can't be read is reported, and the work continues with the others.
    /// </remarks>
    /// <param name="model">The index's model; not disposed.</param>
    /// <param name="progress">Receives the progress, by windows.</param>
    /// <param name="cancellationToken">Ends the work at the next tile.</param>
    /// <exception cref="SwanMismatchException">The index is of another model.</exception>
    /// <exception cref="SwanIndexLockedException">Another process writes to the index.</exception>
    /// <exception cref="IOException">The index can't be written.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public SwanSceneChanges Run(
        SwanModel model, IProgress<SwanSceneProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!_folder.Exists) CreateRows(model);
        return SceneIndexing.Run(_folder, _list, _work, model, progress, cancellationToken);
    }

    private void CreateRows(SwanModel model)
    {
        var settings = new SwanIndexSettings(model.EmbeddingSize)
        {
            Model = model.Card.Identity, Columns = SceneValues.Columns, Scan = SwanIndexScan.Float32,
            Range = _list.Windows.ToOptions().Range, Bands = _list.Windows.Bands, NoData = _list.Windows.NoData,
        };
        // What is left of an index whose making was interrupted has no list of scenes, and maybe no manifest.
        if (!File.Exists(new IndexFolder(_folder.Rows).Manifest)) SwanLiveIndex.Create(_folder.Rows, settings).Dispose();
    }
}
