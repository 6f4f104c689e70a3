using System.Diagnostics;
using Microsoft.ML;
using Swan.Geo.Scenes;
using Swan.MLNet;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.Geo.Search;

/// <summary>Brings an index up to date with a folder of scenes.</summary>
/// <remarks>
/// A scene counts from when <see cref="SceneList"/> has it, which is written after its rows. Rows are kept by the content's hash, so a scene
/// that is indexed anew stands beside what it was until it is whole, and one that was interrupted goes on where it was.
/// </remarks>
internal sealed class SceneIndexing
{
    // Whichever comes first: a kill costs that much work.
    private const int RowsPerCommit = 5_000;
    private static readonly TimeSpan s_timePerCommit = TimeSpan.FromSeconds(30);

    private readonly SwanModel _model;
    private readonly SwanSceneOptions _options;
    private readonly SwanLiveIndex _index;
    private readonly SwanIndexWriter _writer;
    private readonly string _folder;
    private readonly SceneWork _work;
    private readonly IProgress<SwanSceneProgress>? _progress;
    private readonly CancellationToken _token;
    private readonly SortedDictionary<string, SceneRecord> _scenes = new(StringComparer.Ordinal);
    private readonly List<SwanSceneFault> _faults = [], _unplaced = [];
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private SceneList _list;
    private long _windowsDone, _windowsKept;

    private SceneIndexing(
        string folder, SceneList list, SwanLiveIndex index, SwanIndexWriter writer, SceneWork work, SwanModel model, SwanSceneOptions options,
        IProgress<SwanSceneProgress>? progress, CancellationToken token)
    {
        (_folder, _list, _index, _writer, _work, _model) = (folder, list, index, writer, work, model);
        (_options, _progress, _token) = (options, progress, token);
        foreach (SceneRecord scene in list.Scenes) _scenes[scene.Name] = scene;
    }

    /// <summary>Does the work that was planned.</summary>
    /// <param name="folder">The index.</param>
    /// <param name="list">Its scenes so far.</param>
    /// <param name="work">What is to be done.</param>
    /// <param name="model">Embeds; the caller's.</param>
    /// <param name="progress">Is told of windows.</param>
    /// <param name="token">Ends the work; what is embedded stays.</param>
    public static SwanSceneChanges Run(
        SceneIndexFolder folder, SceneList list, SceneWork work, SwanModel model, IProgress<SwanSceneProgress>? progress, CancellationToken token)
    {
        using SwanLiveIndex index = SwanLiveIndex.Open(folder.Rows);
        using SwanIndexWriter writer = index.OpenWriter();
        // Another process may have gone on while the lock was waited for.
        list = SceneList.Read(folder.Path);
        SwanSceneOptions options = list.Windows.ToOptions();
        options.CancellationToken = token;
        var indexing = new SceneIndexing(folder.Path, list, index, writer, work, model, options, progress, token);
        return indexing.Run();
    }

    private SwanSceneChanges Run()
    {
        foreach (SceneRecord gone in _work.Gone) _scenes.Remove(gone.Name);
        if (_work.Gone.Count > 0) Save();
        foreach ((SceneFile file, SceneRecord record) in _work.Touched) _scenes[file.Name] = record;
        if (_work.Touched.Count > 0) Save();
        int added = 0, replaced = 0;
        foreach (PendingScene pending in _work.Pending)
        {
            _token.ThrowIfCancellationRequested();
            bool isNew = !_scenes.ContainsKey(pending.File.Name);
            if (!TryIndex(pending)) continue;
            if (isNew) added++;
            else replaced++;
        }
        RemoveStale();
        return new SwanSceneChanges
        {
            Added = added, Replaced = replaced, Unchanged = _work.Unchanged + _work.Touched.Count, Removed = _work.Gone.Count,
            Windows = _windowsKept, Scenes = _scenes.Count, Rows = _writer.Count, Faults = [.. _work.Faults, .. _faults], Unplaced = _unplaced,
        };
    }

    private bool TryIndex(PendingScene pending)
    {
        long before = _windowsDone;
        try
        {
            SceneRecord record = Embed(pending);
            SceneFile now = pending.File.Now();
            if (now != pending.File)
            {
                throw new SwanSceneException(pending.File.Path, now.Length < 0 ? "it was removed while it was read. Index again."
                    : "it was written to while it was read. Index again when whoever writes it is done.");
            }
            _writer.Commit(_token);
            _scenes[record.Name] = record;
            Save();
            if (record.Unplaced is { } reason) _unplaced.Add(new SwanSceneFault(pending.File.Path, reason));
            return true;
        }
        catch (Exception e) when (e is SwanException and not SwanMismatchException or IOException or UnauthorizedAccessException)
        {
            // The next scene has nothing to do with it; a full disk, though, is every scene's.
            if (e is IOException and not FileNotFoundException and not DirectoryNotFoundException && !IsOfScene(pending.File)) throw;
            _faults.Add(new SwanSceneFault(pending.File.Path, e.Message));
            return false;
        }
        finally
        {
            _windowsDone = before + pending.Windows;
        }
    }

    // Whether the file itself can't be read, rather than the index not be written.
    private static bool IsOfScene(SceneFile file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file.Path);
            return stream.Read(new byte[1]) == 0 || stream.Seek(-1, SeekOrigin.End) < 0 || stream.Read(new byte[1]) == 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private SceneRecord Embed(PendingScene pending)
    {
        string name = pending.File.Name, prefix = Prefix(name, pending.Hash);
        var ml = new MLContext();
        using Scene scene = Scene.Open(pending.File.Path, _options, _token);
        var view = new SceneView(pictures => Missing(scene, prefix, pending, pictures));
        var options = new SwanEmbeddingOptions { CancellationToken = _token };
        IDataView embedded = ml.Transforms.SwanEmbedding("Embedding", SceneColumns.Window, _model, options).Fit(view).Transform(view);
        var sinceCommit = Stopwatch.StartNew();
        int uncommitted = 0;
        foreach (EmbeddedWindow row in ml.Data.CreateEnumerable<EmbeddedWindow>(embedded, reuseRowObject: true))
        {
            _token.ThrowIfCancellationRequested();
            var window = new SceneWindow(row.Column, row.Row, row.Width, row.Height);
            _writer.Upsert($"{prefix}#{window}", row.Embedding, SceneValues.Of(name, window, scene.Place, scene.Date));
            _windowsKept++;
            if (++uncommitted < RowsPerCommit && sinceCommit.Elapsed < s_timePerCommit) continue;
            _writer.Commit(_token);
            uncommitted = 0;
            sinceCommit.Restart();
        }
        return pending.Record(scene, Prefixed(prefix));
    }

    // Windows that an interrupted run has not embedded.
    private IEnumerable<SceneRow> Missing(Scene scene, string prefix, PendingScene pending, bool pictures)
    {
        foreach (SceneRow row in SceneRows.Of(scene, pictures, _token))
        {
            _progress?.Report(new SwanSceneProgress(
                pending.File.Name, _windowsDone + (long)(scene.Windows.Done * pending.Windows), _work.Windows, _elapsed.Elapsed));
            if (!_writer.Contains($"{prefix}#{row.Window}")) yield return row;
        }
    }

    /// <summary>What the keys of a scene's rows begin with.</summary>
    public static string Prefix(string name, string hash) => $"{name}@{hash[..8]}";

    private long Prefixed(string prefix)
    {
        _writer.Commit(_token);
        using SwanIndexSnapshot snapshot = _index.Snapshot();
        return snapshot.Keys().LongCount(key => key.StartsWith(prefix + "#", StringComparison.Ordinal));
    }

    // Rows of scenes that are gone, of what scenes were, and of scenes that could not be read to their end.
    private void RemoveStale()
    {
        _writer.Commit(_token);
        var live = _scenes.Values.Select(s => Prefix(s.Name, s.Hash)).ToHashSet(StringComparer.Ordinal);
        using (SwanIndexSnapshot snapshot = _index.Snapshot())
            _writer.RemoveMany(snapshot.Keys().Where(key => !live.Contains(key[..key.LastIndexOf('#')])).ToList(), _token);
        _writer.Commit(_token);
    }

    private void Save()
    {
        _list = _list with { Scenes = [.. _scenes.Values] };
        _list.Write(_folder);
    }

    private sealed class EmbeddedWindow
    {
        public int Column { get; set; }

        public int Row { get; set; }

        public int Width { get; set; }

        public int Height { get; set; }

        public float[] Embedding { get; set; } = [];
    }
}
