using SceneSearch.Web.Maps;
using SkiaSharp;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace SceneSearch.Web.Galleries;

/// <summary>A living index of images, whose keys are paths in a folder.</summary>
internal sealed class ImageGallery : IGallery
{
    // What 'swan index' keeps of where images were.
    private const string SourceColumn = "source_folder", DateColumn = "file_date";
    private const int Quality = 85, KeysLooked = 1_000;

    private readonly SwanModel _model;
    private readonly SwanLiveIndex _index;
    private readonly string _images, _above;

    /// <param name="folder">The index.</param>
    /// <param name="images">Where the images are; null: where they were when they were indexed.</param>
    /// <param name="model">The index's.</param>
    /// <exception cref="SwanOptionsException">Nothing says where the images are.</exception>
    public ImageGallery(string folder, string? images, SwanModel model)
    {
        (_model, _index) = (model, SwanLiveIndex.Open(folder));
        images ??= Source();
        if (images is null || !Directory.Exists(images))
        {
            _index.Dispose();
            throw new SwanOptionsException(images is null
                ? $"The index '{folder}' doesn't say where its images are: give their folder with --images DIR."
                : $"The folder of images '{images}' does not exist: give their current folder with --images DIR.");
        }
        _images = Path.GetFullPath(images);
        string[] keys = FirstKeys();
        _above = keys.Select(Above).MinBy(above => above.Length) ?? "";
        Warning = WarningOf(keys);
    }

    public string Folder => _index.Folder;

    public ModelIdentity? Model => _index.Model;

    public long Count => _index.Count;

    public string? Warning { get; }

    public MapGroups? Maps => null;

    public Found Search(string text, ReadOnlyMemory<float> embedding, SearchScope scope, CancellationToken token)
    {
        _index.Refresh();
        SwanAnswer answer = _index.AnswerCaption(_model, text, embedding, Options(scope), token);
        return new Found
        {
            Windows = [.. answer.Hits.Select(hit => Image(hit.Key, hit.Score, hit.Probability))], IsNothing = answer.IsNothing(),
            ProbabilityOfAny = answer.ProbabilityOfAny, Limit = answer.DefaultMinProbability, Warning = answer.Text?.Warning,
        };
    }

    public Found SearchLike(string key, SearchScope scope, CancellationToken token)
    {
        _index.Refresh();
        SwanHit[] hits = _index.SearchLike(key, Options(scope), token);
        return new Found { Windows = [.. hits.Select(hit => Image(hit.Key, hit.Score, null))], IsNothing = hits.Length == 0 };
    }

    public string? StampOf(string key) => FileOf(key) is { } file ? $"{key} {file.LastWriteTimeUtc.Ticks} {file.Length}" : null;

    public Task<byte[]?> DrawAsync(string key, int side, CancellationToken token)
    {
        if (FileOf(key) is not { } file) return Task.FromResult<byte[]?>(null);
        RgbImage image = ImageDecoder.Decode(file.FullName);
        token.ThrowIfCancellationRequested();
        return Task.FromResult<byte[]?>(Reduced(image, side));
    }

    public ValueTask DisposeAsync()
    {
        _index.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SwanGallerySearchOptions Options(SearchScope scope) => new() { K = scope.Top };

    private string? Source()
    {
        if (_index.Columns.All(c => c.Name != SourceColumn)) return null;
        using SwanIndexSnapshot snapshot = _index.Snapshot();
        return snapshot.Rows().FirstOrDefault()?.Values.GetValueOrDefault(SourceColumn) as string;
    }

    // Of the index's own keys alone, and nowhere but in the folder: the index may be somebody else's.
    private FileInfo? FileOf(string key)
    {
        if (!_index.Contains(key) || !key.StartsWith(_above, StringComparison.Ordinal)) return null;
        string path = Path.GetFullPath(key[_above.Length..], _images);
        bool isInside = path.StartsWith(_images + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return isInside && new FileInfo(path) is { Exists: true } file ? file : null;
    }

    private string[] FirstKeys()
    {
        using SwanIndexSnapshot snapshot = _index.Snapshot();
        return [.. snapshot.Keys().Take(KeysLooked)];
    }

    // Keys of a list of images may all begin with '../': what they have in common leads to their folder, wherever that is now.
    private static string Above(string key)
    {
        int at = 0;
        while (key.AsSpan(at).StartsWith("../", StringComparison.Ordinal)) at += 3;
        return key[..at];
    }

    private string? WarningOf(string[] keys)
    {
        string[] missing = [.. keys.Where(key => FileOf(key) is null)];
        if (missing.Length == 0) return null;
        string first = missing[0], looked = keys.Length < KeysLooked ? $"{keys.Length}" : $"the first {keys.Length}";
        return $"{missing.Length} of {looked} images of the index '{Folder}' are not in '{_images}', such as '{first}', so the "
            + "page shows no pictures of them. " + (
                first.Contains("://", StringComparison.Ordinal) ? "URLs have no pictures."
                : Path.IsPathRooted(first) ? $"Give '{Path.GetDirectoryName(first)}', or a folder above it, with --images DIR."
                : first.StartsWith(_above, StringComparison.Ordinal) && Above(first) == _above
                    ? $"Give the folder that has '{first[_above.Length..]}' with --images DIR."
                    : "Its key leads out of the folder that others lie in. Build the index again from one folder that has all images.");
    }

    private FoundWindow Image(string key, float score, double? probability)
    {
        DateTimeOffset? date = _index.TryGet(key, out SwanRow? row) && row.Values.GetValueOrDefault(DateColumn) is DateTime written
            ? new DateTimeOffset(DateTime.SpecifyKind(written, DateTimeKind.Utc)) : null;
        return new FoundWindow(key, key, score, probability) { Date = date };
    }

    private static byte[] Reduced(RgbImage image, int side)
    {
        var bgra = new byte[image.Width * image.Height * 4];
        for (int from = 0, to = 0; from < image.Pixels.Length; from += 3, to += 4)
            (bgra[to], bgra[to + 1], bgra[to + 2], bgra[to + 3]) =
                (image.Pixels[from + 2], image.Pixels[from + 1], image.Pixels[from], byte.MaxValue);
        double scale = Math.Min(1, (double)side / Math.Max(image.Width, image.Height));
        if (scale == 1) return PictureCodec.Encode(bgra, image.Width, Quality);
        var info = new SKImageInfo(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var whole = new SKBitmap(info);
        System.Runtime.InteropServices.Marshal.Copy(bgra, 0, whole.GetPixels(), bgra.Length);
        using SKBitmap small = whole.Resize(
            info.WithSize(Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale))), SKFilterQuality.Medium);
        return PictureCodec.Encode(small.Bytes, small.Width, Quality);
    }
}
