namespace Swan.MLNet.Imaging;

/// <summary>Bytes whose lowest bit comes first (FillOrder 2).</summary>
internal static class TiffBits
{
    private static readonly byte[] Table = [.. Enumerable.Range(0, 256).Select(Turned)];

    /// <summary>The same bytes with their bits in the usual order.</summary>
    public static byte[] Reversed(ReadOnlySpan<byte> bytes)
    {
        byte[] reversed = GC.AllocateUninitializedArray<byte>(bytes.Length);
        for (int i = 0; i < bytes.Length; i++) reversed[i] = Table[bytes[i]];
        return reversed;
    }

    private static byte Turned(int value)
    {
        int turned = 0;
        for (int bit = 0; bit < 8; bit++) turned |= (value >> bit & 1) << (7 - bit);
        return (byte)turned;
    }
}
