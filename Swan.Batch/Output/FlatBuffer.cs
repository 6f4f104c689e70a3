using System.Buffers.Binary;
using System.Text;

namespace Swan.Batch.Output;

/// <summary>Writes a FlatBuffer from its root on: what a table refers to comes after it.</summary>
internal sealed class FlatBuffer
{
    private readonly List<byte> _bytes = [];

    /// <summary>Begins a buffer, with room for where the root is.</summary>
    public FlatBuffer() => Add(4, 0);

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.ToArray();

    /// <summary>Writes a table.</summary>
    /// <param name="fields">By number: how many bytes each has, 1, 2 or 4, and its value; 0 bytes: it is left out. References have 4 and
    /// get their values later.</param>
    /// <returns>Where the table is, and each of its fields.</returns>
    public (int Table, int[] Fields) Table(params ReadOnlySpan<(int Size, int Value)> fields)
    {
        int[] places = new int[fields.Length];
        int size = 4;
        // The largest first: each is aligned then.
        foreach (int width in (ReadOnlySpan<int>)[4, 2, 1])
        {
            for (int i = 0; i < fields.Length; i++)
            {
                if (fields[i].Size != width) continue;
                places[i] = size;
                size += width;
            }
        }
        while ((_bytes.Count + 4 + 2 * fields.Length) % 4 != 0) _bytes.Add(0);
        int names = _bytes.Count;
        Add(2, 4 + 2 * fields.Length);
        Add(2, size);
        foreach (int place in places) Add(2, place);
        int table = _bytes.Count;
        Add(4, table - names);
        for (int i = 4; i < size; i++) _bytes.Add(0);
        for (int i = 0; i < fields.Length; i++)
        {
            if (fields[i].Size > 0) Set(table + places[i], fields[i].Size, fields[i].Value);
            places[i] += table;
        }
        return (table, places);
    }

    /// <summary>Writes a vector of references, which get their values later.</summary>
    /// <returns>Where it is, and each of its references.</returns>
    public (int Vector, int[] References) References(int count)
    {
        Align();
        int vector = _bytes.Count;
        Add(4, count);
        for (int i = 0; i < count; i++) Add(4, 0);
        return (vector, [.. Enumerable.Range(1, count).Select(i => vector + 4 * i)]);
    }

    /// <summary>Writes a text.</summary>
    public int Text(string text)
    {
        Align();
        int place = _bytes.Count;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Add(4, bytes.Length);
        _bytes.AddRange(bytes);
        _bytes.Add(0);
        return place;
    }

    /// <summary>Has a reference refer to what comes after it; the one at 0 is to the root.</summary>
    public void Refer(int from, int to) => Set(from, 4, to - from);

    private void Align()
    {
        while (_bytes.Count % 4 != 0) _bytes.Add(0);
    }

    private void Add(int size, int value)
    {
        for (int i = 0; i < size; i++) _bytes.Add(0);
        Set(_bytes.Count - size, size, value);
    }

    private void Set(int place, int size, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        for (int i = 0; i < size; i++) _bytes[place + i] = bytes[i];
    }
}
