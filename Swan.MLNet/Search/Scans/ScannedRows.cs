using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>What scans read: a gallery's rows, and its bytes where it has some. Doesn't change.</summary>
internal sealed class ScannedRows
{
    private readonly int[] _first;

    /// <param name="rows">The gallery.</param>
    /// <param name="codes">The same rows as bytes; null: scans read <paramref name="rows"/>.</param>
    public ScannedRows(RowBlocks rows, Int8Blocks? codes = null)
    {
        (Rows, Codes) = (rows, codes);
        _first = new int[rows.Blocks + 1];
        for (int block = 0; block < rows.Blocks; block++) _first[block] = rows.FirstRow(block);
        _first[^1] = rows.Count;
        Values = codes is null ? this : new ScannedRows(this);
    }

    private ScannedRows(ScannedRows same) => (Rows, _first, Values) = (same.Rows, same._first, this);

    public RowBlocks Rows { get; }

    public Int8Blocks? Codes { get; }

    /// <summary>The same rows without bytes.</summary>
    public ScannedRows Values { get; }

    /// <summary>D.</summary>
    public int Dimension => Rows.EmbeddingSize;

    /// <summary>Rows that may be found and that may not.</summary>
    public int Count => Rows.Count;

    /// <summary>How many blocks there are.</summary>
    public int Blocks => _first.Length - 1;

    /// <summary>Rows of a block.</summary>
    public int RowsOf(int block) => _first[block + 1] - _first[block];

    /// <summary>The number behind a block's last row.</summary>
    public int EndOf(int block) => _first[block + 1];

    /// <summary>The block that has a row.</summary>
    public int BlockOf(int row)
    {
        int at = _first.AsSpan().BinarySearch(row);
        // The last of several that begin with this row: those before are empty.
        if (at < 0) return ~at - 1;
        while (_first[at + 1] == row) at++;
        return at;
    }

    /// <summary>A row's values.</summary>
    public ReadOnlySpan<float> Row(int row)
    {
        int block = BlockOf(row);
        int at = row - _first[block];
        return Rows.Some(block, [at]).Slice(at * Rows.RowStride, Rows.EmbeddingSize);
    }

    /// <summary>The rows that may be found, by row.</summary>
    public IEnumerable<int> InOrder(Wanted wanted)
    {
        for (int block = 0; block < Blocks; block++)
        {
            for (int row = _first[block]; row < _first[block + 1]; row++)
            {
                if (MayFind(wanted, block, row - _first[block]) && wanted.Excluded?.Contains(row) != true) yield return row;
            }
        }
    }

    private static bool MayFind(Wanted wanted, int block, int row) =>
        wanted.Mask is null || (wanted.Mask.Block(block)[row >> 6] >> row & 1) != 0;
}
