using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Swan.MLNet.Imaging;

/// <summary>A JPEG's Huffman table.</summary>
internal sealed class JpegHuffmanTable
{
    private const int LookupBits = 9, MaxBits = 16;

    // By the next bits: the symbol above the length of its code; 0 where the code is longer.
    private readonly ushort[] _lookup = new ushort[1 << LookupBits];
    private readonly int[] _end = new int[MaxBits + 1];    // the first code of a length that is none, left-aligned to 16 bits
    private readonly int[] _offset = new int[MaxBits + 1]; // added to a code of a length: its symbol's place
    private readonly byte[] _symbols;

    private JpegHuffmanTable(ReadOnlySpan<byte> counts, byte[] symbols)
    {
        _symbols = symbols;
        int code = 0, place = 0;
        for (int length = 1; length <= MaxBits; length++, code <<= 1)
        {
            _offset[length] = place - code;
            for (int i = 0; i < counts[length - 1]; i++, code++, place++)
            {
                if (length > LookupBits) continue;
                int first = code << (LookupBits - length);
                _lookup.AsSpan(first, 1 << (LookupBits - length)).Fill((ushort)(symbols[place] << 8 | length));
            }
            _end[length] = code << (MaxBits - length);
        }
    }

    /// <summary>Reads a table of a DHT segment.</summary>
    /// <param name="contents">The segment from the table's counts on.</param>
    /// <param name="bytes">How many of them are the table.</param>
    /// <returns>Null where it is damaged.</returns>
    public static JpegHuffmanTable? Read(ReadOnlySpan<byte> contents, out int bytes)
    {
        bytes = MaxBits;
        if (contents.Length < MaxBits) return null;
        int total = 0, room = 1;
        foreach (byte count in contents[..MaxBits])
        {
            total += count;
            room = 2 * room - count;
            if (room < 0) return null; // more codes of a length than there can be
        }
        bytes += total;
        return total <= 256 && contents.Length >= bytes ? new(contents[..MaxBits], contents[MaxBits..bytes].ToArray()) : null;
    }

    /// <summary>The next symbol, together with the bits of the value that its low half counts; -1 where the bits are no code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NextWithValue(ref JpegBits bits)
    {
        // The index has no more bits than the table: this is where the time goes.
        ushort found = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_lookup), bits.Peek() >> (MaxBits - LookupBits));
        int symbol = found >> 8;
        if (found == 0) symbol = Next(ref bits);
        bits.Skip((found & 0xFF) + (symbol & 15)); // of what is no code, too: nothing is read after it
        return symbol;
    }

    /// <summary>The next symbol; -1 where the bits are no code.</summary>
    public int Next(ref JpegBits bits)
    {
        uint next = bits.Peek();
        ushort found = _lookup[next >> (MaxBits - LookupBits)];
        if (found != 0)
        {
            bits.Skip(found & 0xFF);
            return found >> 8;
        }
        for (int length = LookupBits + 1; length <= MaxBits; length++)
        {
            if (next >= _end[length]) continue;
            bits.Skip(length);
            int place = (int)(next >> (MaxBits - length)) + _offset[length];
            return place >= 0 && place < _symbols.Length ? _symbols[place] : -1;
        }
        return -1;
    }
}
