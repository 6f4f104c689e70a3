using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Swan.MLNet.Imaging;

/// <summary>The bits of a JPEG's coded data, up to the next marker; zeros follow.</summary>
/// <param name="data">The file.</param>
/// <param name="position">Where the coded data begin.</param>
internal ref struct JpegBits(ReadOnlySpan<byte> data, int position)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _position = position;
    private ulong _bits; // the next ones, left-aligned
    private int _count;  // how many of them the data have
    private bool _ended;

    /// <summary>Whether more bits were taken than there are.</summary>
    public readonly bool IsExhausted => _count < 0;

    /// <summary>The next 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Peek()
    {
        if (_count < 32) Fill();
        return (uint)(_bits >> 48);
    }

    /// <summary>Passes over at most 32 bits after a look at the first of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int bits)
    {
        _bits <<= bits;
        _count -= bits;
    }

    /// <summary>Takes at most 16 bits.</summary>
    public int Take(int bits)
    {
        if (bits == 0) return 0;
        int value = (int)(Peek() >> (16 - bits));
        Skip(bits);
        return value;
    }

    /// <summary>Goes to the marker that ends these data.</summary>
    /// <param name="next">Where the marker is; the data's end where there is none.</param>
    /// <returns>How many bytes besides padding were left.</returns>
    public int End(out int next)
    {
        int excess = 0;
        while (Peek() is var bits && _count >= 8)
        {
            // The rest of a byte is ignored, but whole bytes count.
            if (_count % 8 is > 0 and var rest) Skip(rest);
            else
            {
                if (bits >> 8 is not (0 or 0xFF)) excess++;
                Skip(8);
            }
        }
        next = _position;
        return excess;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Fill()
    {
        if (_ended) return;
        if (_position + 4 <= _data.Length)
        {
            uint four = BinaryPrimitives.ReadUInt32BigEndian(_data[_position..]);
            bool hasFF = ((~four - 0x01010101) & four & 0x80808080) != 0;
            if (!hasFF)
            {
                _bits |= (ulong)four << (32 - _count);
                _count += 32;
                _position += 4;
                return;
            }
        }
        while (_count <= 56)
        {
            if (_position >= _data.Length || (_data[_position] == 0xFF && !(_position + 1 < _data.Length && _data[_position + 1] == 0)))
            {
                _ended = true;
                return;
            }
            byte value = _data[_position];
            _position += value == 0xFF ? 2 : 1;
            _bits |= (ulong)value << (56 - _count);
            _count += 8;
        }
    }
}
