using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>A segment that is open: rows that never change, in a mapped file. Safe for concurrent use.</summary>
/// <remarks>
/// It is shared by the states of an index that have it: each enters it and leaves it, and the last one that leaves unmaps the file.
/// </remarks>
internal sealed class Segment
{
    public const string RowsPart = "rows", Int8PartName = "int8", ColumnPrefix = "column:";

    private readonly IndexFolder _folder;
    private readonly MappedFile _file;
    private readonly ReferenceCount _users;
    private readonly Dictionary<string, SegmentPart> _parts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<SwanColumn, ColumnData?> _columns = new();
    private readonly FilteredRows _matching = new();
    private readonly SegmentPart _rows;
    private readonly SegmentPart? _codes;
    private readonly Lock _expecting = new();
    private readonly PartPlace? _rowsPlace;
    private int _passes;
    private Int8Part? _int8;

    private Segment(IndexFolder folder, ManifestSegment named, MappedFile file, ManifestRows shape)
    {
        (_folder, Named, _file) = (folder, named, file);
        _users = new ReferenceCount(file.Dispose);
        SegmentTable table = Table();
        if (table.Rows != named.Rows || table.EmbeddingSize != shape.EmbeddingSize || table.Stride != shape.Stride)
        {
            throw Damaged(
                $"has {table.Rows:N0} rows of {table.EmbeddingSize} values {table.Stride} apart, but the manifest says "
                + $"{named.Rows:N0} rows of {shape.EmbeddingSize} values {shape.Stride} apart");
        }
        (Count, EmbeddingSize, Stride) = (table.Rows, table.EmbeddingSize, table.Stride);
        foreach (PartPlace place in table.Parts)
            _parts.Add(place.Name, new SegmentPart(place, file.Part(place.Offset, place.PaddedLength), Damaged));
        _rows = Part(RowsPart, (long)Count * Stride * sizeof(float));
        Keys = new SegmentKeys(Count, Part, Damaged);
        if (shape.Scan != IndexManifestRules.Int8) return;
        _codes = Part(Int8PartName, Int8Part.Bytes(Count, EmbeddingSize));
        // Searches read the codes. Of the rows they read candidates, here and there.
        _rowsPlace = table.Parts.First(part => part.Name == RowsPart);
        Expect(inOrder: false);
    }

    /// <summary>What the manifest says of it, its deleted rows as they were when it was opened.</summary>
    public ManifestSegment Named { get; }

    /// <summary>Rows, deleted ones included.</summary>
    public int Count { get; }

    public int EmbeddingSize { get; }

    public int Stride { get; }

    public SegmentKeys Keys { get; }

    /// <summary>All parts, for a copy and for a check.</summary>
    public IEnumerable<SegmentPart> Parts => _parts.Values;

    /// <summary>Compares the first page and the table of parts with their checksums again.</summary>
    /// <exception cref="SwanFormatException">They are damaged.</exception>
    public void VerifyTable() => _ = Table();

    /// <summary>Bytes of the file, whatever they are.</summary>
    public ReadOnlyMemory<byte> Bytes(long offset, int length) => _file.Part(offset, length);

    /// <summary>Opens the file that a manifest names. The caller has entered it.</summary>
    /// <exception cref="FileNotFoundException">It isn't there.</exception>
    /// <exception cref="SwanFormatException">It is damaged, or another one.</exception>
    public static Segment Open(IndexFolder folder, ManifestSegment named, ManifestRows shape)
    {
        string path = folder.Full(named.File);
        // Before it is mapped: a page that the file doesn't have would end the process.
        var info = new FileInfo(path);
        if (info.Exists && info.Length != named.Bytes)
            throw IndexDamage.Error(folder, named.File, $"has {info.Length:N0} bytes, but {named.Bytes:N0} were written");
        MappedFile file = MappedFile.Open(path);
        try
        {
            return file.Length == named.Bytes
                ? new Segment(folder, named, file, shape)
                : throw IndexDamage.Error(folder, named.File, $"has {file.Length:N0} bytes, but {named.Bytes:N0} were written");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Begins a use; false where the file is unmapped.</summary>
    public bool TryEnter() => _users.TryEnter();

    /// <summary>Ends a use.</summary>
    public void Leave() => _users.Leave();

    /// <summary>Begins a pass over all rows; see <see cref="RowsInOrder"/>.</summary>
    public void BeginPass()
    {
        using Lock.Scope scope = _expecting.EnterScope();
        if (_passes++ == 0) Expect(inOrder: true);
    }

    /// <summary>Ends a pass; the last one that ends leaves the rows to searches again.</summary>
    public void EndPass()
    {
        using Lock.Scope scope = _expecting.EnterScope();
        if (--_passes == 0) Expect(inOrder: false);
    }

    /// <summary>Whether the manifest means this file.</summary>
    public bool Is(ManifestSegment named) => Named.File == named.File && Named.Checksum == named.Checksum && Named.Bytes == named.Bytes;

    /// <summary>Rows from <paramref name="first"/> on: <c>rows[r * Stride + d]</c>.</summary>
    /// <exception cref="SwanFormatException">They are damaged.</exception>
    public ReadOnlySpan<float> Rows(int first, int count)
    {
        long start = (long)first * Stride * sizeof(float);
        return MemoryMarshal.Cast<byte, float>(_rows.Read(start, count * Stride * sizeof(float)));
    }

    /// <summary>Rows from <paramref name="first"/> on, of which only some are compared with their checksums.</summary>
    /// <param name="first">The first.</param>
    /// <param name="count">How many.</param>
    /// <param name="some">Those that will be read, counted from the first.</param>
    /// <exception cref="SwanFormatException">They are damaged.</exception>
    public ReadOnlySpan<float> Rows(int first, int count, scoped ReadOnlySpan<int> some)
    {
        int bytes = Stride * sizeof(float);
        foreach (int row in some) _rows.Require((long)(first + row) * bytes, bytes);
        return MemoryMarshal.Cast<byte, float>(_rows.Unchecked.Span.Slice(first * bytes, count * bytes));
    }

    /// <summary>The D values of a row.</summary>
    /// <exception cref="SwanFormatException">They are damaged.</exception>
    public ReadOnlySpan<float> Row(int row) => Rows(row, 1)[..EmbeddingSize];

    /// <summary>Rows as bytes.</summary>
    /// <param name="first">A multiple of 64.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="SwanFormatException">They are damaged.</exception>
    public Int8Rows Int8(int first, int count)
    {
        SegmentPart codes = _codes ?? throw new InvalidOperationException("This index has no int8 rows.");
        long start = Int8Part.Offset(first, EmbeddingSize), end = Int8Part.Offset((long)first + count + Int8Part.Group - 1, EmbeddingSize);
        Int8Part part = _int8 ?? OpenInt8(codes);
        codes.Require(start, end - start);
        return part.Slice(first, count);
    }

    /// <summary>A column's values; null where this segment is older than the column, so all are missing.</summary>
    /// <exception cref="SwanFormatException">They are damaged.</exception>
    public ColumnData? Column(SwanColumn column) => _columns.GetOrAdd(column, static (column, segment) => segment.OpenColumn(column), this);

    /// <summary>The rows that pass a filter, deleted ones included; not to be changed.</summary>
    /// <param name="filter">Fits the columns.</param>
    /// <param name="columns">The index's.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SwanFormatException">A column is damaged.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public RowBits Matching(SwanFilter filter, IReadOnlyList<SwanColumn> columns, CancellationToken cancellation) =>
        _matching.GetOrAdd(filter, () => Opened(
            ColumnPrefix, () => FilterPlan.Evaluate(filter, new SegmentColumns(this, columns), Count, cancellation)));

    /// <summary>The error for this file.</summary>
    public SwanFormatException Damaged(string how) => IndexDamage.Error(_folder, Named.File, how);

    // Searches that have no codes read all rows in their order, as the system expects anyway.
    private void Expect(bool inOrder)
    {
        if (_rowsPlace is { } rows) _file.Expect(rows.Offset, rows.PaddedLength, inOrder);
    }

    private SegmentTable Table() => Checksum.TryParse(Named.Checksum, out UInt128 header)
        ? SegmentTable.Read(_file.Length, _file.Part, header, Damaged)
        : throw Damaged("has an invalid checksum in the manifest");

    private ColumnData? OpenColumn(SwanColumn column)
    {
        if (!_parts.TryGetValue(ColumnPrefix + column.Name, out SegmentPart? part)) return null;
        return Opened(part.Name, () => ColumnData.Open(column, Count, part.All()));
    }

    private Int8Part OpenInt8(SegmentPart codes)
    {
        // Its beginning: the rest is compared where it is read.
        codes.Require(0, Int8Part.Offset(0, EmbeddingSize));
        return _int8 = Opened(codes.Name, () => Int8Part.Open(codes.Unchecked, Count, EmbeddingSize));
    }

    private T Opened<T>(string part, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (SwanFormatException e)
        {
            throw IndexDamage.Error(_folder, Named.File, $"has a part '{part}' that can't be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    private SegmentPart Part(string name, long length)
    {
        if (!_parts.TryGetValue(name, out SegmentPart? part)) throw Damaged($"has no part '{name}'");
        return length < 0 || part.Length == length
            ? part
            : throw Damaged($"has a part '{name}' of {part.Length:N0} bytes, but its rows take {length:N0}");
    }
}
