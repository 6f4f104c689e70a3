namespace Swan.MLNet.Numerics;

/// <summary>CRC-32 as PNG and zip have it.</summary>
internal static class Crc32
{
    /// <summary>The start value of <see cref="Update"/>; the checksum is the complement of its final value.</summary>
    public const uint Start = uint.MaxValue;

    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of bytes that are there whole.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Update(Start, bytes);

    /// <summary>Goes on with further bytes.</summary>
    public static uint Update(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes) crc = (crc >> 8) ^ Table[(byte)(crc ^ b)];
        return crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
