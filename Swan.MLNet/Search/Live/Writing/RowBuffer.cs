using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Rows that are in no file yet. Not thread-safe.</summary>
internal sealed class RowBuffer(int embeddingSize)
{
    // The approximate overhead of a row besides its values, key and embedding.
    private const int RowBytes = 200, ValueBytes = 40;

    private readonly EmbeddingBlocks _rows = new(embeddingSize);
    private readonly List<(byte[] Key, ulong Hash, object?[] Values)> _entries = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    /// <summary>Rows that are not removed again.</summary>
    public int Count => _places.Count;

    /// <summary>About how much memory they take.</summary>
    public long Bytes { get; private set; }

    public bool TryFind(string key, out int place) => _places.TryGetValue(key, out place);

    public ReadOnlySpan<float> Row(int place) => _rows.Row(place);

    /// <summary>A row's values, by column; it may have fewer than there are columns.</summary>
    public object?[] Values(int place) => _entries[place].Values;

    /// <summary>Adds a row, or replaces the one that has its key.</summary>
    public void Put(string key, byte[] utf8, ulong hash, ReadOnlySpan<float> unit, object?[] values)
    {
        if (_places.TryGetValue(key, out int place))
        {
            unit.CopyTo(_rows.Row(place));
            Bytes -= BytesOf(_entries[place].Values);
            _entries[place] = (utf8, hash, values);
        }
        else
        {
            unit.CopyTo(_rows.Next());
            _rows.Keep();
            _places.Add(key, _entries.Count);
            _entries.Add((utf8, hash, values));
            Bytes += RowBytes + sizeof(float) * (long)embeddingSize + 3L * utf8.Length;
        }
        Bytes += BytesOf(values);
    }

    /// <summary>Removes a row; its memory comes free with the buffer.</summary>
    public bool Remove(string key) => _places.Remove(key);

    /// <summary>The rows, in the order in which they came.</summary>
    public RowSource Rows() => new Source(this, [.. _places.Values.Order()]);

    private static long BytesOf(object?[] values)
    {
        long bytes = 0;
        foreach (object? value in values) bytes += value is string text ? ValueBytes + 2L * text.Length : ValueBytes;
        return bytes;
    }

    private sealed class Source(RowBuffer buffer, int[] places) : RowSource
    {
        public override int Count => places.Length;

        public override ReadOnlySpan<float> Row(int row) => buffer._rows.Row(places[row]);

        public override ReadOnlySpan<byte> Key(int row) => buffer._entries[places[row]].Key;

        public override ulong Hash(int row) => buffer._entries[places[row]].Hash;

        public override object? Value(int row, int column)
        {
            object?[] values = buffer._entries[places[row]].Values;
            return column < values.Length ? values[column] : null;
        }
    }
}
