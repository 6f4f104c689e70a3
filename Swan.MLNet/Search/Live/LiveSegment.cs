using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>A segment, and which of its rows are deleted in one state of an index. Immutable.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Deleted">The rows; null: none.</param>
/// <param name="DeletedFile">The file that says so; null: none is deleted, or it isn't written yet.</param>
internal sealed record LiveSegment(Segment Segment, RowBits? Deleted, ManifestDeleted? DeletedFile)
{
    /// <summary>Rows that are not deleted.</summary>
    public int Live { get; } = Segment.Count - (Deleted?.Count ?? 0);

    /// <summary>About how many bytes they take.</summary>
    public long LiveBytes => Segment.Count == 0 ? 0 : (long)(Segment.Named.Bytes * ((double)Live / Segment.Count));

    /// <summary>What the manifest says of it.</summary>
    public ManifestSegment Named => Segment.Named with { Deleted = DeletedFile };

    public bool IsLive(int row) => Deleted is null || !Deleted[row];

    /// <summary>The live row that has a key.</summary>
    public bool TryFind(ReadOnlySpan<byte> key, ulong hash, out int row)
    {
        row = Segment.Keys.Find(key, hash);
        return row >= 0 && IsLive(row);
    }

    /// <summary>The rows that are not deleted, as a set.</summary>
    public RowBits LiveRows()
    {
        var rows = new RowBits(Segment.Count, all: true);
        if (Deleted is not null) rows.AndNot(Deleted);
        return rows;
    }
}
