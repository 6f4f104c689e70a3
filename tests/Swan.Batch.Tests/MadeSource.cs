using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Swan.Batch.Sources;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests;

/// <summary>Images in memory, with stamps that a test chooses.</summary>
internal sealed class MadeSource : ImageSource
{
    private readonly ConcurrentDictionary<string, (string Stamp, byte[] Bytes)> _images = new(StringComparer.Ordinal);
    private int _stamp;

    public override string Address => "test://images";

    /// <summary>Called with the key of each image that is opened.</summary>
    public Action<string> Opening { get; set; } = _ => { };

    /// <summary>By how many bytes contents are shorter than the source says.</summary>
    public int Lacking { get; set; }

    /// <summary>The keys of the images that were opened.</summary>
    public ConcurrentQueue<string> Opened { get; } = [];

    public IReadOnlyCollection<string> Keys => [.. _images.Keys];

    public (string Stamp, byte[] Bytes)? Find(string key) => _images.TryGetValue(key, out (string, byte[]) image) ? image : null;

    /// <summary>Puts an image there, under a stamp that no other has had.</summary>
    public void Put(string key, byte[] bytes) => _images[key] = ($"{++_stamp}", bytes);

    public void Put(string key, string text) => Put(key, Encoding.UTF8.GetBytes(text));

    /// <summary>Gives an image another stamp.</summary>
    public void Touch(string key) => Put(key, _images[key].Bytes);

    /// <summary>Changes the content and leaves the stamp.</summary>
    public void Replace(string key, byte[] bytes) => _images[key] = (_images[key].Stamp, bytes);

    public void Remove(string key) => _images.TryRemove(key, out _);

    public override async IAsyncEnumerable<SourceImage> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach ((string key, (string stamp, _)) in _images) yield return new SourceImage(key, stamp);
    }

    public override Task<StoredContent?> OpenAsync(SourceImage image, CancellationToken cancellationToken = default)
    {
        Opened.Enqueue(image.Key);
        Opening(image.Key);
        if (!_images.TryGetValue(image.Key, out (string Stamp, byte[] Bytes) found)) return Task.FromResult<StoredContent?>(null);
        var content = new MemoryStream(found.Bytes[..^Lacking], writable: false);
        return Task.FromResult<StoredContent?>(new StoredContent(new StoredObject(image.Key, found.Bytes.Length, found.Stamp), content));
    }
}
