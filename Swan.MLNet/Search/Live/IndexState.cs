using System.Collections.Frozen;
using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>One state of a living index, made by one commit; it stays unchanged while it is used.</summary>
/// <remarks>Its maker is its first user. The last user to leave it also leaves its segments. Safe for concurrent use.</remarks>
internal sealed class IndexState : GalleryView
{
    private readonly ReferenceCount _users;

    private IndexState(IndexFolder folder, IndexManifest manifest, byte[] bytes, SwanColumn[] columns, LiveSegment[] segments)
    {
        (Folder, Manifest, ManifestBytes, Columns, Segments) = (folder, manifest, bytes, columns, segments);
        (Model, GivenRange) = (ManifestShape.Model(manifest.Rows), ManifestShape.Range(manifest.Rows));
        Blocks = new SegmentBlocks(segments.Select(s => s.Segment), manifest.Rows.EmbeddingSize, manifest.Rows.Stride);
        Present = segments.Any(s => s.Deleted is not null) ? new SegmentMask(Blocks, [.. segments.Select(s => s.LiveRows())]) : null;
        Search = new GallerySearch(Blocks, manifest.Rows.Scan == IndexManifestRules.Int8 ? Blocks.Int8() : null);
        _users = new ReferenceCount(() =>
        {
            foreach (LiveSegment segment in segments) segment.Segment.Leave();
        });
    }

    public IndexFolder Folder { get; }

    public IndexManifest Manifest { get; }

    /// <summary>The manifest's file.</summary>
    public byte[] ManifestBytes { get; }

    public SwanColumn[] Columns { get; }

    public LiveSegment[] Segments { get; }

    public SegmentBlocks Blocks { get; }

    public override RowMask? Present { get; }

    public override GallerySearch Search { get; }

    public override ModelIdentity? Model { get; }

    public override GivenRange? GivenRange { get; }

    /// <summary>Rows that can be found.</summary>
    public int Count => Present?.Count ?? Blocks.Count;

    /// <summary>Opens what a manifest names.</summary>
    /// <param name="folder">The index.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="bytes">The manifest's file.</param>
    /// <param name="known">Open segments, which are not opened again if the manifest names them. The caller has entered them.</param>
    /// <exception cref="FileNotFoundException">A file isn't there.</exception>
    /// <exception cref="SwanFormatException">A file is damaged, or another one.</exception>
    public static IndexState Open(IndexFolder folder, IndexManifest manifest, byte[] bytes, IReadOnlyList<LiveSegment> known)
    {
        SwanColumn[] columns = ManifestShape.Columns(manifest, folder);
        return new IndexState(folder, manifest, bytes, columns, OpenSegments(folder, manifest.Rows, known));
    }

    /// <summary>Opens the segments of some rows, each of which the caller has entered then.</summary>
    /// <inheritdoc cref="Open"/>
    public static LiveSegment[] OpenSegments(IndexFolder folder, ManifestRows rows, IReadOnlyList<LiveSegment> known)
    {
        FrozenDictionary<string, LiveSegment> open = known.ToFrozenDictionary(s => s.Segment.Named.File, StringComparer.Ordinal);
        var segments = new List<LiveSegment>();
        try
        {
            foreach (ManifestSegment named in rows.Segments)
            {
                bool isKnown = open.TryGetValue(named.File, out LiveSegment? before)
                    && before.Segment.Is(named) && before.Segment.TryEnter();
                Segment segment = isKnown ? before!.Segment : Segment.Open(folder, named, rows);
                segments.Add(new LiveSegment(segment, null, null));
                if (named.Deleted is not { } file) continue;
                RowBits deleted = isKnown && before!.DeletedFile == file ? before.Deleted! : DeletedRows.Read(folder, file, segment.Count);
                segments[^1] = new LiveSegment(segment, deleted, file);
            }
            return [.. segments];
        }
        catch
        {
            foreach (LiveSegment segment in segments) segment.Segment.Leave();
            throw;
        }
    }

    /// <summary>Opens the segments of a re-embedding that has begun, each of which the caller has entered then.</summary>
    /// <exception cref="SwanFormatException">A file is damaged, or missing.</exception>
    public static LiveSegment[] OpenReembedded(IndexFolder folder, ManifestRows rows)
    {
        try
        {
            return OpenSegments(folder, rows, []);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Missing(folder, e);
        }
    }

    /// <summary>The state that a writer has just committed.</summary>
    /// <param name="folder">The index.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="bytes">The manifest's file.</param>
    /// <param name="columns">The manifest's columns.</param>
    /// <param name="segments">The segments, which the caller uses.</param>
    public static IndexState Committed(
        IndexFolder folder, IndexManifest manifest, byte[] bytes, SwanColumn[] columns, LiveSegment[] segments)
    {
        foreach (LiveSegment segment in segments)
        {
            if (!segment.Segment.TryEnter()) throw new InvalidOperationException($"'{segment.Segment.Named.File}' is closed.");
        }
        return new IndexState(folder, manifest, bytes, columns, segments);
    }

    /// <summary>Reads the folder's manifest and opens what it names, again where a commit came between.</summary>
    /// <param name="folder">The index.</param>
    /// <param name="known">See <see cref="Open"/>.</param>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="SwanFormatException">A file is damaged, or missing.</exception>
    public static IndexState OpenLatest(IndexFolder folder, IReadOnlyList<LiveSegment> known)
    {
        Exception? missing = null;
        for (byte[]? before = null; ;)
        {
            byte[] bytes = IndexManifestFile.ReadBytes(folder);
            if (before is not null && bytes.AsSpan().SequenceEqual(before))
            {
                throw Missing(folder, missing!);
            }
            try
            {
                return Open(folder, IndexManifestFile.Parse(folder, bytes), bytes, known);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // A compaction won: its files are in the next manifest.
                (before, missing) = (bytes, e);
            }
        }
    }

    private static SwanFormatException Missing(IndexFolder folder, Exception cause)
    {
        string file = cause is FileNotFoundException { FileName: { } name } ? Path.GetFileName(name) : "segments";
        return IndexDamage.Error(folder, file, "is missing, although the manifest names it", cause);
    }

    /// <summary>Begins a use; false where the last user has left.</summary>
    public bool TryEnter() => _users.TryEnter();

    /// <summary>Ends a use.</summary>
    public void Leave() => _users.Leave();

    public override string KeyOf(int row)
    {
        (int segment, int at) = Blocks.Find(row);
        return Segments[segment].Segment.Keys.Text(at);
    }

    public override bool TryFind(string key, out int row)
    {
        row = -1;
        if (SwanIndexBuilder.KeyFault(key) is not null) return false;
        byte[] utf8 = SwanIndexBuilder.Utf8.GetBytes(key);
        ulong hash = SegmentKeys.Hash(utf8);
        for (int i = Segments.Length - 1; i >= 0; i--)
        {
            if (!Segments[i].TryFind(utf8, hash, out int at)) continue;
            row = Blocks.FirstRowOf(i) + at;
            return true;
        }
        return false;
    }

    public override IReadOnlyDictionary<string, object?> ValuesOf(int row)
    {
        if (Columns.Length == 0) return FrozenDictionary<string, object?>.Empty;
        (int segment, int at) = Blocks.Find(row);
        var values = new Dictionary<string, object?>(Columns.Length, StringComparer.Ordinal);
        foreach (SwanColumn column in Columns) values.Add(column.Name, Segments[segment].Segment.Column(column)?[at]);
        return values;
    }

    public override RowMask Mask(SwanFilter filter, CancellationToken cancellation)
    {
        filter.Check(Columns);
        var rows = new RowBits[Segments.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            RowBits passing = Segments[i].Segment.Matching(filter, Columns, cancellation);
            if (Segments[i].Deleted is { } deleted)
            {
                // The segment keeps its own for the next state.
                passing = passing.Copy();
                passing.AndNot(deleted);
            }
            rows[i] = passing;
        }
        return new SegmentMask(Blocks, rows);
    }

    /// <summary>All that is stored of a row.</summary>
    public SwanRow RowAt(int row)
    {
        (int segment, int at) = Blocks.Find(row);
        return new SwanRow(KeyOf(row), Segments[segment].Segment.Row(at).ToArray(), ValuesOf(row));
    }

    /// <summary>The D values of all rows that can be found; each is there until the next.</summary>
    public IEnumerable<ReadOnlyMemory<float>> Embeddings()
    {
        float[] embedding = new float[Blocks.EmbeddingSize];
        foreach (int row in LiveRows())
        {
            (int segment, int at) = Blocks.Find(row);
            Segments[segment].Segment.Row(at).CopyTo(embedding);
            yield return embedding;
        }
    }

    /// <summary>The numbers of the rows that can be found, rising; their embeddings are expected to be read.</summary>
    public IEnumerable<int> LiveRows()
    {
        for (int i = 0; i < Segments.Length; i++)
        {
            int first = Blocks.FirstRowOf(i);
            using var pass = new RowsInOrder(Segments[i].Segment);
            for (int row = 0; row < Segments[i].Segment.Count; row++)
            {
                if (Segments[i].IsLive(row)) yield return first + row;
            }
        }
    }
}
