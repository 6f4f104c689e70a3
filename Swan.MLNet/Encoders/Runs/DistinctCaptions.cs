using System.Runtime.InteropServices;
using Swan.MLNet.Text;

namespace Swan.MLNet.Encoders;

/// <summary>Captions of which each is encoded once, however many rows have it.</summary>
/// <remarks>Ids decide: texts that the tokenizer makes the same of have one embedding.</remarks>
internal sealed class DistinctCaptions
{
    private const int None = -1;

    // The rows of a distinct caption are a list: _first[distinct], then _next[row] until None.
    private readonly List<int> _first = [];
    private readonly int[] _next;
    private readonly IReadOnlyList<TokenizedCaption> _rows;

    /// <param name="rows">Captions, each with ids.</param>
    public DistinctCaptions(IReadOnlyList<TokenizedCaption> rows)
    {
        _rows = rows;
        _next = new int[rows.Count];
        var last = new List<int>(rows.Count);
        var places = new Dictionary<int[], int>(rows.Count, ById.Instance);
        for (int row = 0; row < rows.Count; row++)
        {
            _next[row] = None;
            ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, rows[row].Ids, out bool known);
            if (known)
            {
                _next[last[place]] = row;
                last[place] = row;
                continue;
            }
            place = _first.Count;
            _first.Add(row);
            last.Add(row);
        }
        Captions = [.. _first.Select(row => rows[row])];
    }

    /// <summary>Each once, in the order in which they first come.</summary>
    public IReadOnlyList<TokenizedCaption> Captions { get; }

    /// <summary>How many rows have a caption of <see cref="Captions"/>.</summary>
    public int Rows(int caption) => RowsOf(caption).Count();

    /// <summary>The number of truncated ones among those; the remaining text may equal another caption's whole text.</summary>
    public int Truncated(int caption) => RowsOf(caption).Count(row => _rows[row].Truncated);

    /// <summary>The rows that have a caption of <see cref="Captions"/>, ascending.</summary>
    public IEnumerable<int> RowsOf(int caption)
    {
        for (int row = _first[caption]; row != None; row = _next[row]) yield return row;
    }

    private sealed class ById : IEqualityComparer<int[]>
    {
        public static readonly ById Instance = new();

        public bool Equals(int[]? a, int[]? b) => a.AsSpan().SequenceEqual(b);

        public int GetHashCode(int[] ids)
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(ids.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
