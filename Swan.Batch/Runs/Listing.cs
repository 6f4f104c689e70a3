using System.Globalization;
using System.Runtime.CompilerServices;
using Swan.Batch.Sources;
using Swan.Batch.Stores;

namespace Swan.Batch.Runs;

/// <summary>A source's images in the order of their keys' UTF-8 bytes, each key once, with memory that doesn't depend on their number.
/// </summary>
/// <remarks>Of the parts of a line the key comes first, and what ends it is less than every character of a key.</remarks>
internal sealed class Listing : IDisposable
{
    private const char End = '\0';

    private readonly SortedLines _sorted =
        new(Path.Combine(Path.GetTempPath(), $"swan-plan-{Guid.NewGuid():N}"), linesInMemory: 20_000, Utf8Order.Instance);

    private Listing()
    {
    }

    /// <summary>Images that were listed, also those of a key that had come before.</summary>
    public long Count { get; private set; }

    /// <summary>Of these, images whose key had come before.</summary>
    public long Repeated { get; private set; }

    /// <summary>Lists a source.</summary>
    /// <exception cref="SwanBatchException">A key can't be a line.</exception>
    public static async Task<Listing> ReadAsync(ImageSource source, Action<long> listed, CancellationToken cancellation)
    {
        var listing = new Listing();
        try
        {
            await foreach (SourceImage image in source.ListAsync(cancellation).ConfigureAwait(false))
            {
                if (image.Key.AsSpan().ContainsAny('\n', '\r', End))
                {
                    throw new SwanBatchException($"'{image.Key}' in '{source.Address}' has a line break in its name, which a list of one "
                        + "name a line can't hold. Rename it.");
                }
                listing._sorted.Add(string.Create(CultureInfo.InvariantCulture, $"{image.Key}{End}{image.Stamp}{End}{image.Size}"));
                if (++listing.Count % 1000 == 0) listed(listing.Count);
            }
            return listing;
        }
        catch
        {
            listing.Dispose();
            throw;
        }
    }

    /// <summary>The images, once.</summary>
    public async IAsyncEnumerable<InputLine> InOrder([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        string? before = null;
        foreach (string line in _sorted.InOrder())
        {
            cancellation.ThrowIfCancellationRequested();
            int end = line.IndexOf(End, StringComparison.Ordinal);
            string key = line[..end];
            if (key == before)
            {
                Repeated++;
                continue;
            }
            before = key;
            int sizeAt = line.LastIndexOf(End) + 1;
            long? size = sizeAt == line.Length ? null : long.Parse(line.AsSpan(sizeAt), NumberStyles.None, CultureInfo.InvariantCulture);
            yield return new InputLine(key, line[(end + 1)..(sizeAt - 1)]) { Size = size };
        }
    }

    public void Dispose() => _sorted.Dispose();
}
