using System.Diagnostics;
using Swan.Geo.Scenes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.Geo.Search;

/// <summary>Brings an index up to date with a folder of scenes.</summary>
/// <remarks>
/// A scene counts from when <see cref="SceneList"/> has it, which is written after its rows. Rows are kept by the content's hash, so a
/// scene that is indexed again is kept beside its earlier rows until it is complete, and an interrupted one is resumed.
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
    private readonly string _folder, _savedFolder;
    private readonly SceneWork _work;
    private readonly IProgress<SwanSceneProgress>? _progress;
    private readonly CancellationToken _token;
    private readonly SortedDictionary<string, SceneRecord> _scenes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, BrokenScene> _broken = new(StringComparer.Ordinal);
    private readonly List<SwanSceneFault> _faults = [], _unplaced = [];
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly Stopwatch _sinceCommit = Stopwatch.StartNew();
    private SceneList _list;
    private long _windowsDone, _windowsKept;
    private int _uncommitted;

    private SceneIndexing(
        string folder, string savedFolder, SceneList list, SwanLiveIndex index, SwanIndexWriter writer, SceneWork work, SwanModel model,
        SwanSceneOptions options, IProgress<SwanSceneProgress>? progress, CancellationToken token)
    {
        (_folder, _savedFolder, _list, _index, _writer, _work, _model) = (folder, savedFolder, list, index, writer, work, model);
        (_options, _progress, _token) = (options, progress, token);
        foreach (SceneRecord scene in list.Scenes) _scenes[scene.Name] = scene;
        foreach (BrokenScene scene in list.Broken) _broken[scene.Name] = scene;
    }

    /// <summary>Does the work that was planned.</summary>
    /// <param name="folder">The index.</param>
    /// <param name="list">Its scenes so far.</param>
    /// <param name="work">What is to be done.</param>
    /// <param name="model">Embeds; the caller's.</param>
    /// <param name="progress">Receives progress, by windows.</param>
    /// <param name="token">Ends the work; what is embedded stays.</param>
    public static SwanSceneChanges Run(
        SceneIndexFolder folder, SceneList list, SceneWork work, SwanModel model, IProgress<SwanSceneProgress>? progress,
        CancellationToken token)
    {
        using SwanLiveIndex index = SwanLiveIndex.Open(folder.Rows);
        if (!ModelIdentity.Agree(index.Model, model.Card.Identity))
        {
            throw new SwanMismatchException($"The index in '{folder.Path}' is from model {index.Model}, not from {model.Card.Identity}: "
                + "embeddings of two models can't be compared. Give its model, or index the scenes again into another folder.");
        }
        using SwanIndexWriter writer = index.OpenWriter();
        if (!folder.Exists) list.Write(folder.Path);
        // What another process did since the plan was made; a folder that was moved is the plan's.
        SceneList saved = SceneList.Read(folder.Path);
        (string before, list) = (saved.Folder, saved with { Folder = list.Folder });
        SwanSceneOptions options = list.Windows.ToOptions();
        (options.CancellationToken, options.Rule) = (token, model.Card.Image.Range);
        var indexing = new SceneIndexing(folder.Path, before, list, index, writer, work, model, options, progress, token);
        return indexing.Run();
    }

    private SwanSceneChanges Run()
    {
        int removed = 0, added = 0, replaced = 0;
        // The plan was made without the lock: what another process did since then stands.
        foreach (SceneRecord gone in _work.Gone.Where(g => !File.Exists(Path.GetFullPath(g.Name, _list.Folder))))
            removed += _scenes.Remove(gone.Name) ? 1 : 0;
        foreach ((SceneFile file, SceneRecord record) in _work.Touched)
        {
            if (_scenes.TryGetValue(file.Name, out SceneRecord? now) && now.Hash == record.Hash) _scenes[file.Name] = record;
        }
        foreach (BrokenScene broken in _work.StillBroken)
        {
            if (_broken.TryGetValue(broken.Name, out BrokenScene? now) && now.Hash == broken.Hash) _broken[broken.Name] = broken;
        }
        foreach (string gone in _broken.Keys.Where(name => !File.Exists(Path.GetFullPath(name, _list.Folder))).ToArray())
            _broken.Remove(gone);
        if (removed > 0 || _work.Touched.Count > 0 || _list.Folder != _savedFolder || !_broken.Values.SequenceEqual(_list.Broken)) Save();
        foreach (PendingScene pending in _work.Pending)
        {
            _token.ThrowIfCancellationRequested();
            SceneRecord? before = _scenes.GetValueOrDefault(pending.File.Name);
            if (before?.Hash == pending.Hash || !TryIndex(pending)) continue;
            if (before is null) added++;
            else replaced++;
        }
        RemoveStale();
        return new SwanSceneChanges
        {
            Added = added, Replaced = replaced, Unchanged = _work.Unchanged + _work.Touched.Count, Removed = removed,
            Windows = _windowsKept, Scenes = _scenes.Count, Rows = _writer.Count, Faults = [.. _work.Faults, .. _faults],
                Unplaced = _unplaced,
        };
    }

    private bool TryIndex(PendingScene pending)
    {
        long before = _windowsDone;
        try
        {
            if (Embed(pending) is not { } record) return false;
            _writer.Commit(_token);
            _scenes[record.Name] = record;
            _broken.Remove(record.Name);
            Save();
            if (record.Unplaced is { } reason) _unplaced.Add(new SwanSceneFault(pending.File.Path, reason));
            return true;
        }
        catch (OperationCanceledException)
        {
            _writer.Commit(CancellationToken.None); // what is embedded need not be embedded again
            throw;
        }
        finally
        {
            _windowsDone = before + pending.Windows;
        }
    }

    // Null where the scene can't be read; the next one has nothing to do with it.
    private SceneRecord? Embed(PendingScene pending)
    {
        string prefix = Prefix(pending.File.Name, pending.Hash);
        try
        {
            using EmbeddedScene embedded = EmbeddedScene.Open(pending, _options);
            long rows = 0;
            foreach (EmbeddedWindow window in embedded.Windows(_model, IsThere, share => Report(pending, share)))
            {
                _token.ThrowIfCancellationRequested();
                Put(pending.File.Name, prefix, window, embedded.Scene);
                rows++;
            }
            return rows > 0 ? pending.Record(embedded.Scene, rows) : throw new SceneReadException(new SwanImageException(
                pending.File.Path, ImageFault.NoData, FormattableString.Invariant(
                    $"none of its {embedded.Scene.Count} windows has data in {100 * _options.MinValidShare:0.##} % or more of its ")
                + "pixels, so nothing can be found in it. Leave it out, or index it into another folder with a smaller --min-valid "
                + "(MinValidShare)."));

            // An interrupted run has embedded it.
            bool IsThere(SceneWindow window)
            {
                bool there = _writer.Contains($"{prefix}#{window}");
                rows += there ? 1 : 0;
                return there;
            }
        }
        catch (SceneReadException e)
        {
            Refuse(pending, e.InnerException!);
            return null;
        }
    }

    private void Report(PendingScene pending, double share) => _progress?.Report(new SwanSceneProgress(
        pending.File.Name, _windowsDone + (long)(share * pending.Windows), _work.Windows, _elapsed.Elapsed));

    // A file that is being written is not broken.
    private void Refuse(PendingScene pending, Exception cause)
    {
        cause = pending.Changed ?? cause;
        _faults.Add(SwanSceneFault.Of(pending.File.Path, cause));
        if (cause is not SwanImageException { Fault: not (ImageFault.Missing or ImageFault.Unreadable) } fault) return;
        SceneFile file = pending.File;
        _broken[file.Name] = new BrokenScene
        {
            Name = file.Name, Length = file.Length, Modified = file.Modified, Hash = pending.Hash, Fault = fault.Fault,
            Detail = fault.Detail,
        };
        Save();
    }

    private void Put(string name, string prefix, EmbeddedWindow window, Scene scene)
    {
        _writer.Upsert($"{prefix}#{window.Place}", window.Embedding, SceneValues.Of(name, window.Place, scene.Place, scene.Date));
        _windowsKept++;
        if (++_uncommitted < RowsPerCommit && _sinceCommit.Elapsed < s_timePerCommit) return;
        _writer.Commit(_token);
        _uncommitted = 0;
        _sinceCommit.Restart();
    }

    /// <summary>What the keys of a scene's rows begin with.</summary>
    public static string Prefix(string name, string hash) => $"{name}@{hash[..8]}";

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
        _list = _list with { Scenes = [.. _scenes.Values], Broken = [.. _broken.Values] };
        _list.Write(_folder);
    }
}
