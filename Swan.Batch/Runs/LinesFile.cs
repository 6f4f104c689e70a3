using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Swan.Batch.Stores;

namespace Swan.Batch.Runs;

/// <summary>Lines on their way into a store: gathered in a file of this machine, compressed.</summary>
/// <param name="type">How a line is written.</param>
internal sealed class LinesFile<T>(JsonTypeInfo<T> type) : IDisposable
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    private readonly FileStream _file = LocalFile.Create();
    private GZipStream? _lines;
    private bool _ended;

    /// <summary>Lines so far.</summary>
    public long Count { get; private set; }

    public void Add(T line)
    {
        _lines ??= new GZipStream(_file, CompressionLevel.Fastest, leaveOpen: true);
        JsonSerializer.Serialize(_lines, line, type);
        _lines.Write(NewLine);
        Count++;
    }

    /// <summary>Writes what was added; nothing can be added any more.</summary>
    public async Task WriteAsync(ObjectStore store, string key, CancellationToken cancellation)
    {
        await EndAsync().ConfigureAwait(false);
        await store.WriteAsync(key, _file, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads what was added; nothing can be added any more.</summary>
    public async IAsyncEnumerable<T> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await EndAsync().ConfigureAwait(false);
        _file.Position = 0;
        await using var plain = new GZipStream(_file, CompressionMode.Decompress, leaveOpen: true);
        using var reader = new StreamReader(plain);
        while (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
            yield return JsonSerializer.Deserialize(line, type)!;
    }

    public void Dispose()
    {
        _lines?.Dispose();
        _file.Dispose();
    }

    private async Task EndAsync()
    {
        if (_ended) return;
        _ended = true;
        if (_lines is null) WriteEmpty();
        else await _lines.DisposeAsync().ConfigureAwait(false);
    }

    // .NET writes no header where there is no content, and some readers want one.
    private void WriteEmpty()
    {
        _file.Write([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
}
