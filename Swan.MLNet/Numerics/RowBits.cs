using System.Numerics;

namespace Swan.MLNet.Numerics;

/// <summary>A set of the rows from 0 to a number of them, one bit each: row r is bit r mod 64 of word r / 64.</summary>
/// <remarks>Bits behind the last row are always 0. Not thread-safe while it is changed.</remarks>
internal sealed class RowBits
{
    private readonly ulong[] _words;

    /// <param name="rows">How many rows there are.</param>
    /// <param name="all">Whether all of them are in the set at first.</param>
    public RowBits(int rows, bool all = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        (Rows, _words) = (rows, new ulong[(int)(((long)rows + 63) / 64)]);
        if (all) Fill();
    }

    /// <summary>Rows that can be in the set.</summary>
    public int Rows { get; }

    /// <summary>The words. Writers leave bits after the last row at 0, or call <see cref="Trim"/>.</summary>
    public Span<ulong> Words => _words;

    /// <summary>Rows that are in the set.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (ulong word in _words) count += BitOperations.PopCount(word);
            return count;
        }
    }

    /// <summary>Whether a row is in the set.</summary>
    public bool this[int row]
    {
        get => (_words[row >> 6] >> (row & 63) & 1) != 0;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
            if (value) _words[row >> 6] |= 1UL << (row & 63);
            else _words[row >> 6] &= ~(1UL << (row & 63));
        }
    }

    /// <summary>Puts all rows into the set.</summary>
    public void Fill()
    {
        Array.Fill(_words, ulong.MaxValue);
        Trim();
    }

    /// <summary>Keeps the rows that are also in the other set.</summary>
    public void And(RowBits other)
    {
        for (int i = 0; i < _words.Length; i++) _words[i] &= other._words[i];
    }

    /// <summary>Takes the rows of the other set.</summary>
    public void Or(RowBits other)
    {
        for (int i = 0; i < _words.Length; i++) _words[i] |= other._words[i];
    }

    /// <summary>Removes the rows of the other set.</summary>
    public void AndNot(RowBits other)
    {
        for (int i = 0; i < _words.Length; i++) _words[i] &= ~other._words[i];
    }

    /// <summary>Takes the rows that were not in the set, and no others.</summary>
    public void Not()
    {
        for (int i = 0; i < _words.Length; i++) _words[i] = ~_words[i];
        Trim();
    }

    /// <summary>An independent set with the same rows.</summary>
    public RowBits Copy()
    {
        var copy = new RowBits(Rows);
        _words.CopyTo(copy._words, 0);
        return copy;
    }

    /// <summary>Clears the bits behind the last row.</summary>
    public void Trim()
    {
        if ((Rows & 63) != 0) _words[^1] &= (1UL << (Rows & 63)) - 1;
    }
}
