using System.Collections.Concurrent;
using SceneSearch.Web.Caching;
using Swan.Geo.Search;
using Swan.MLNet;

namespace SceneSearch.Web.Maps;

/// <summary>Regions of scenes at a reduced size: from reduced pictures of the whole, which are made once, or from the file.</summary>
/// <remarks>Safe for concurrent use. Memory holds some reduced pictures, and what the requests that go on at a time read.</remarks>
/// <param name="index">The scenes.</param>
/// <param name="folder">Keeps reduced pictures.</param>
internal sealed class ScenePictures(SwanSceneIndex index, PictureFolder folder) : IAsyncDisposable
{
    private const long MemoryBytes = 128L << 20;
    private const int Quality = 92, StepBytes = 2 * sizeof(double);

    private readonly LruCache<(string Hash, int Level), SwanScenePicture> _levels = new(MemoryBytes);
    private readonly ConcurrentDictionary<string, Lazy<Task<bool>>> _making = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _made = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _makers = new(1);
    private readonly SemaphoreSlim _readers = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Reads a region.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="column">Its first column; outside of the scene is left out, and so for the others.</param>
    /// <param name="row">Its first row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="reduction">Columns, and rows, of the scene that a pixel may stand for.</param>
    /// <param name="patience">Ends waiting for pictures of the whole scene, which take a pass over it; null: the file is read.</param>
    /// <param name="token">Ends reading.</param>
    /// <returns>
    /// The region or more; null where nothing of it lies in the scene, the scene is gone or not what was indexed, or patience ended.
    /// </returns>
    public async Task<SwanScenePicture?> ReadAsync(SwanIndexedScene scene, double column, double row, double width, double height,
        double reduction, CancellationToken? patience, CancellationToken token)
    {
        reduction = Math.Max(1, reduction);
        int spare = (int)Math.Min(scene.Width + scene.Height, 2 * reduction + 2);
        int left = (int)Math.Clamp(column - spare, 0, scene.Width), right = (int)Math.Clamp(column + width + spare, 0, scene.Width);
        int top = (int)Math.Clamp(row - spare, 0, scene.Height), bottom = (int)Math.Clamp(row + height + spare, 0, scene.Height);
        if (right <= left || bottom <= top) return null;
        var overview = Overview.Of(scene);
        if (overview.LevelFor(reduction) is { } level)
        {
            if (Level(scene, overview, level) is { } picture) return picture;
            if (patience is { } end) return await IsMadeAsync(scene, end, token) ? Level(scene, overview, level) : null;
        }
        // Tiles beside each other average the same pixels.
        int align = 1 << Math.Min(20, (int)Math.Log2(reduction));
        (left, top) = (left / align * align, top / align * align);
        await _readers.WaitAsync(token);
        try
        {
            using SwanSceneReader? reader = index.OpenScene(scene.Name, token);
            return reader?.Read(left, top, right - left, bottom - top, reduction, token);
        }
        finally
        {
            _readers.Release();
        }
    }

    /// <summary>Whether the reduced pictures of a scene are there.</summary>
    public bool Has(SwanIndexedScene scene) => _made.ContainsKey(scene.Hash);

    /// <summary>Makes the reduced pictures of a scene, unless they are there.</summary>
    /// <returns>False where the scene is gone or not what was indexed.</returns>
    public async Task<bool> MakeAsync(SwanIndexedScene scene, CancellationToken token)
    {
        // Whoever comes first makes them for all; that its browser goes away is no reason to begin again.
        Lazy<Task<bool>> making = _making.GetOrAdd(scene.Hash, _ => new(() => Task.Run(() => Make(scene), CancellationToken.None)));
        try
        {
            return await making.Value.WaitAsync(token);
        }
        finally
        {
            if (making.Value.IsCompleted) _making.TryRemove(new(scene.Hash, making));
        }
    }

    /// <summary>Ends what is being made.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (Lazy<Task<bool>> making in _making.Values) await making.Value.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task<bool> Make(SwanIndexedScene scene)
    {
        var overview = Overview.Of(scene);
        if (Level(scene, overview, 0) is not null) return _made[scene.Hash] = true;
        await _makers.WaitAsync(_stop.Token);
        try
        {
            using SwanSceneReader? reader = index.OpenScene(scene.Name, _stop.Token);
            if (reader is null) return false;
            SwanScenePicture picture = reader.Read(0, 0, scene.Width, scene.Height, overview.Step, _stop.Token);
            for (int level = 0; level < overview.Levels; level++)
            {
                if (level > 0) picture = Overview.Halved(picture);
                _levels.Set((scene.Hash, level), picture, picture.Bgra.Length);
                folder.TryWrite(scene.Hash, Name(level), ToFile(picture));
            }
            folder.Trim();
            return _made[scene.Hash] = true;
        }
        finally
        {
            _makers.Release();
        }
    }

    private async Task<bool> IsMadeAsync(SwanIndexedScene scene, CancellationToken patience, CancellationToken token)
    {
        try
        {
            return await MakeAsync(scene, patience);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e) when (e is SwanException or IOException or UnauthorizedAccessException)
        {
            // A scene that is damaged hides no other one; the log says so.
            return false;
        }
    }

    private SwanScenePicture? Level(SwanIndexedScene scene, Overview overview, int level)
    {
        if (_levels.TryGet((scene.Hash, level), out SwanScenePicture? picture)) return picture;
        if (folder.TryRead(scene.Hash, Name(level)) is not { Length: > StepBytes } bytes) return null;
        picture = PictureCodec.TryDecode(
            bytes[StepBytes..], BitConverter.ToDouble(bytes, 0), BitConverter.ToDouble(bytes, sizeof(double)));
        if (picture is not null) _levels.Set((scene.Hash, level), picture, picture.Bgra.Length);
        return picture;
    }

    // An overview of the file has steps that are no whole numbers, so they come first.
    private static byte[] ToFile(SwanScenePicture picture) =>
    [
        .. BitConverter.GetBytes(picture.ColumnStep), .. BitConverter.GetBytes(picture.RowStep),
        .. PictureCodec.Encode(picture.Bgra, picture.Width, Quality),
    ];

    private static string Name(int level) => $"{level}.picture";
}
