using Swan.Batch.Output;
using Swan.Batch.Runs;
using Swan.Batch.Sources;
using Swan.MLNet.Transforms;

namespace Swan.Batch.Jobs;

/// <summary>Reads inputs, embeds what isn't known, and adds their rows to files, in order.</summary>
/// <param name="source">Where the images are.</param>
/// <param name="scorer">The model.</param>
/// <param name="options">How images are read, and how many at a time.</param>
/// <param name="exhausted">Judges images that there is no memory for.</param>
/// <param name="known">Finds the embedding that an earlier run has written of a content, by its hash.</param>
/// <param name="files">Get the rows.</param>
internal sealed class InputEmbedding(
    ImageSource source, ShardScorer scorer, BatchJobOptions options, ExhaustedMemory exhausted,
    Func<string, CancellationToken, Task<float[]?>> known, ShardFiles files)
{
    // So many rows are held, and given to the steps together.
    private const int BlockRows = 1024;

    // What is remembered of contents, to find equal ones.
    private const int MostContents = 16_384;

    // The embedding of a row that has none to write.
    private readonly float[] _missing = [.. Enumerable.Repeat(float.NaN, scorer.Card.EmbeddingSize)];

    private readonly Dictionary<string, EmbeddedRow> _contents = new(StringComparer.Ordinal);
    private readonly Queue<Pending> _rows = new();
    private readonly List<Pending> _aside = [];

    // Where embeddings are not written, nothing can be taken over.
    private bool KnowsVectors => scorer.Columns.Contains(BatchSteps.EmbeddingColumn);

    /// <summary>Bytes of images that were read.</summary>
    public long Bytes { get; private set; }

    /// <summary>The images that took longest.</summary>
    public SlowestInputs Slowest { get; } = new();

    /// <summary>Embeds inputs; those that there is no memory for are tried once more at the end, each alone.</summary>
    /// <param name="inputs">The images.</param>
    /// <param name="firstRow">The number of the first one's row.</param>
    /// <param name="read">Told of each image that is read.</param>
    /// <param name="cancellation">Ends the work; the files are then unusable.</param>
    /// <exception cref="ImageMemoryException">There was no memory for some, alone, for the first time.</exception>
    public async Task EmbedAsync(
        IAsyncEnumerable<InputLine> inputs, long firstRow, Func<ReadImage, Task> read, CancellationToken cancellation)
    {
        var reader = new ImageReader(
            source, options.Decoding, exhausted, options.Reads, options.ReadBytes, knowsVectors: KnowsVectors);
        await PassAsync(inputs, firstRow, reader, isAlone: false, async image =>
        {
            if (image.NoMemory is null) await read(image).ConfigureAwait(false);
            if (_rows.Count >= 2 * BlockRows) await WriteDoneAsync().ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
        while (_rows.Count > 0) await WriteDoneAsync().ConfigureAwait(false);
        if (_aside.Count > 0) await EmbedAsideAsync(read, cancellation).ConfigureAwait(false);
    }

    private async Task PassAsync(
        IAsyncEnumerable<InputLine> inputs, long firstRow, ImageReader reader, bool isAlone, Func<ReadImage, Task> read,
        CancellationToken cancellation)
    {
        using var batches = new ShardBatches(
            scorer, isAlone ? 1 : options.BatchSize, isAlone, image => End(image, reader), cancellation);
        await foreach (ReadImage image in reader.ReadAsync(inputs, cancellation).ConfigureAwait(false))
        {
            Bytes += image.Held;
            EmbeddedRow row = Begin(image, firstRow++);
            _rows.Enqueue(new Pending(row, image.Input, IsTold: image.NoMemory is null));
            bool embeds = row.Error.Length == 0 && !row.IsAside && !await FindAsync(image, row, cancellation).ConfigureAwait(false);
            if (embeds) batches.Add(image, row);
            else End(image, reader);
            await read(image).ConfigureAwait(false);
        }
        batches.Finish();
    }

    // Nothing else is in memory by now.
    private async Task EmbedAsideAsync(Func<ReadImage, Task> read, CancellationToken cancellation)
    {
        foreach (Pending aside in _aside) _contents.Remove(aside.Row.Hash);
        var reader = new ImageReader(source, options.Decoding, null, 1, options.ReadBytes, knowsVectors: KnowsVectors);
        var tried = new List<Pending>(_aside.Count);
        foreach (Pending aside in _aside)
        {
            await PassAsync(new[] { aside.Input }.ToAsyncEnumerable(), aside.Row.Row, reader, isAlone: true, async image =>
            {
                if (!aside.IsTold) await read(image).ConfigureAwait(false);
            }, cancellation).ConfigureAwait(false);
            tried.Add(_rows.Dequeue());
            EmbeddedRow row = tried[^1].Row;
            if (row.NoMemory is not { } fault || exhausted.Judge(row.Image, fault) is not { } bad) continue;
            (row.NoMemory, row.Error) = (null, RowFault.From(bad)!.Text);
        }
        exhausted.ThrowIfAny();
        _aside.Clear();
        foreach (Pending row in tried) _rows.Enqueue(row);
        while (_rows.Count > 0) await WriteDoneAsync().ConfigureAwait(false);
    }

    private void End(ReadImage image, ImageReader reader)
    {
        Slowest.Add(new SlowInput(
            image.Input.Key, Math.Round(image.ReadTime.TotalSeconds, 6), Math.Round(image.DecodeTime.TotalSeconds, 6)));
        reader.Release(image);
    }

    private static EmbeddedRow Begin(ReadImage image, long number) => new()
    {
        Row = number,
        Image = image.Input.Key,
        Hash = image.Hash ?? "",
        Stamp = image.Stamp,
        Values = image.Input.Values,
        Kept = image.Input.Kept,
        Error = image.Fault is { } fault ? RowFault.From(fault)!.Text : "",
        NoMemory = image.NoMemory,
    };

    // True where the embedding needs no encoder: it is known of this image, of another one, or will be.
    private async Task<bool> FindAsync(ReadImage image, EmbeddedRow row, CancellationToken cancellation)
    {
        if (image.Input.Before is { Place: { } place } before && before.Hash == row.Hash && before.Kept == row.Kept)
        {
            // Touched, not changed: its row is where it was.
            (row.Place, row.IsReused, row.Embedding) = (place, true, _missing);
            return true;
        }
        if (_contents.TryGetValue(row.Hash, out EmbeddedRow? same))
        {
            (row.Same, row.IsReused) = (same, true);
            return true;
        }
        if (KnowsVectors && await known(row.Hash, cancellation).ConfigureAwait(false) is { } vector)
        {
            (row.Embedding, row.IsReused) = (vector, true);
            return true;
        }
        if (image.Bytes is null) throw new SwanBatchException(
            $"The embedding of '{row.Image}' is not where an earlier run wrote it. Run the job with --verify, which reads "
            + "the image again.");
        if (_contents.Count == MostContents) _contents.Clear();
        _contents.Add(row.Hash, row);
        return false;
    }

    // The reason and the rest of the message may have a key's letters, too.
    private static string Renamed(EmbeddedRow same, string image)
    {
        string named = $"'{same.Image}'";
        int at = same.Error.IndexOf(named, StringComparison.Ordinal);
        return at < 0 ? same.Error : $"{same.Error.AsSpan(0, at)}'{image}'{same.Error.AsSpan(at + named.Length)}";
    }

    private async Task WriteDoneAsync()
    {
        var block = new List<EmbeddedRow>(BlockRows);
        while (block.Count < BlockRows && _rows.TryPeek(out Pending? next) && (next.Row.IsDone || next.Row.IsAside))
        {
            EmbeddedRow row = _rows.Dequeue().Row;
            if (row.IsAside)
            {
                _aside.Add(next);
                continue;
            }
            if (row.Same is { } same)
            {
                // Equal bytes are equally bad.
                (row.Embedding, row.Error) = (same.Embedding, Renamed(same, row.Image));
            }
            if (row.Error.Length > 0) row.Embedding = _missing;
            block.Add(row);
        }
        if (block.Count > 0) await files.AddAsync(block, scorer).ConfigureAwait(false);
    }

    // A row that is not written yet.
    private sealed record Pending(EmbeddedRow Row, InputLine Input, bool IsTold);
}
