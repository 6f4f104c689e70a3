using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
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

    private readonly ImageSource _source;
    private readonly IReadOnlyList<KeptColumn> _kept;

    private Listing(ImageSource source) => (_source, _kept) = (source, source.Settings?.Kept ?? []);

    /// <summary>Images that were listed, also those of a key that had come before.</summary>
    public long Count { get; private set; }

    /// <summary>Of these, images whose key had come before.</summary>
    public long Repeated { get; private set; }

    /// <summary>Lists a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="before">What the last run knew, in order; it may stand for reading.</param>
    /// <param name="cancellation">Ends the listing.</param>
    /// <exception cref="SwanBatchException">A key can't be a line.</exception>
    public static async Task<Listing> ReadAsync(
        ImageSource source, IAsyncEnumerable<SourceImage> before, CancellationToken cancellation)
    {
        var listing = new Listing(source);
        try
        {
            await foreach (SourceImage image in source.ListAsync(before, cancellation).ConfigureAwait(false))
            {
                if (image.Key.AsSpan().ContainsAny('\n', '\r', End))
                {
                    throw new SwanBatchException($"'{image.Key}' in '{source.Address}' has a line break in its name, but a list has "
                        + "one name per line. Rename it.");
                }
                string kept = image.Values is null ? ""
                    : $"{End}{JsonSerializer.Serialize(new KeptLine(image.Values, image.Place!), RunJson.Line.KeptLine)}";
                listing._sorted.Add(string.Create(
                    CultureInfo.InvariantCulture, $"{image.Key}{End}{image.Stamp}{End}{image.Size}{kept}"));
                listing.Count++;
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
        SourceImage? before = null;
        foreach (string line in _sorted.InOrder())
        {
            cancellation.ThrowIfCancellationRequested();
            SourceImage image = Read(line);
            if (image.Key == before?.Key)
            {
                await _source.ThrowIfDifferentAsync(before, image, cancellation).ConfigureAwait(false);
                Repeated++;
                continue;
            }
            before = image;
            yield return new InputLine(image.Key, image.Stamp)
            {
                Size = image.Size, Values = image.Values, Kept = HashOf(image.Values),
            };
        }
    }

    public void Dispose() => _sorted.Dispose();

    private static SourceImage Read(string line)
    {
        string[] parts = line.Split(End);
        var image = new SourceImage(parts[0], parts[1])
        {
            Size = parts[2].Length == 0 ? null : long.Parse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture),
        };
        if (parts.Length == 3) return image;
        KeptLine kept = JsonSerializer.Deserialize(parts[3], RunJson.Line.KeptLine)!;
        return image with { Values = kept.Values, Place = kept.Place };
    }

    // Other columns, or another type of one, are another row, too.
    private string? HashOf(string?[]? values)
    {
        if (values is null || _kept.Count == 0) return null;
        byte[] hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
            [.. _kept.SelectMany(c => (string[])[c.Name, c.Type]), .. values], RunJson.Line.StringArray));
        return Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }
}
