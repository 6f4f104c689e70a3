using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Swan.MLNet.Imaging;

/// <summary>A JPEG's Huffman table.</summary>
internal sealed class JpegHuffmanTable
{
    private const int LookupBits = 9, SeveralBits = 10, MaxBits = 16, LastPlace = 63;
    private const uint EndOfBlock = 1 << 16;

    // By the next bits: the symbol above the length of its code; 0 where the code is longer.
    private readonly ushort[] _lookup = new ushort[1 << LookupBits];
    private readonly int[] _end = new int[MaxBits + 1];    // the first code of a length that is none, left-aligned to 16 bits
    private readonly int[] _offset = new int[MaxBits + 1]; // added to a code of a length: its symbol's place
    private readonly byte[] _symbols;

    // By the next bits: how many bits the codes that are whole in them take, with their values; above 8 bits, how many places of a block;
    // and whether they end it. 0 where no code is whole.
    private uint[]? _several;

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

    /// <summary>Makes what <see cref="PassSeveral"/> looks into, which takes as long as some hundred blocks.</summary>
    public uint[] Several()
    {
        if (_several is not null) return _several;
        _several = new uint[1 << SeveralBits];
        for (int next = 0; next < _several.Length; next++) _several[next] = Look(next);
        return _several;
    }

    /// <summary>Passes over codes of details, with their values, that are seen at once.</summary>
    /// <param name="several">Of the table (<see cref="Several"/>).</param>
    /// <param name="bits">Where they are.</param>
    /// <param name="k">The next coefficient's place in its block; gets the one after those that are passed over, 64 after the block's end.
    /// </param>
    /// <returns>False where nothing was passed over: the codes have to be looked at one by one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool PassSeveral(uint[] several, ref JpegBits bits, ref int k)
    {
        // The index has no more bits than the table: this is where the time goes.
        uint found = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(several), bits.Peek() >> (MaxBits - SeveralBits));
        int after = k + (byte)(found >> 8);
        // What follows the last place belongs to the next block.
        if (found == 0 || after > LastPlace) return false;
        bits.Skip((byte)found);
        k = found < EndOfBlock ? after : LastPlace + 1;
        return true;
    }

    /// <summary>The next symbol, together with the bits of the value that its low half counts; -1 if the bits are not a code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NextWithValue(ref JpegBits bits)
    {
        // The index has no more bits than the table: this is where the time goes.
        ushort found = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_lookup), bits.Peek() >> (MaxBits - LookupBits));
        int symbol = found >> 8;
        if (found == 0) symbol = Next(ref bits);
        bits.Skip((found & 0xFF) + (symbol & 15)); // even after an invalid code: nothing is read after it
        return symbol;
    }

    /// <summary>The next symbol; -1 if the bits are not a code.</summary>
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

    private uint Look(int next)
    {
        int length = 0, places = 0;
        while (length < SeveralBits)
        {
            int rest = next << length & ((1 << SeveralBits) - 1);
            ushort found = _lookup[rest >> (SeveralBits - LookupBits)];
            int symbol = found >> 8, code = found & 0xFF, more = (symbol >> 4) + 1;
            if (found == 0 || length + code > SeveralBits || places + more >= LastPlace) break;
            length += code;
            if (symbol < 0xF0 && (symbol & 15) == 0) return EndOfBlock | (uint)places << 8 | (uint)length;
            length += symbol & 15;
            places += more;
        }
        return (uint)places << 8 | (uint)length;
    }
}
