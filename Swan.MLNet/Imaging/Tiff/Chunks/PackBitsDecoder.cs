namespace Swan.MLNet.Imaging;

/// <summary>PackBits: runs of a byte, and bytes as they are.</summary>
internal static class PackBitsDecoder
{
    /// <summary>Fills the target as far as there is data.</summary>
    /// <returns>Bytes that were written.</returns>
    public static int Decode(ReadOnlySpan<byte> coded, Span<byte> target)
    {
        int written = 0;
        for (int read = 0; read < coded.Length - 1 && written < target.Length;)
        {
            int head = (sbyte)coded[read++];
            if (head >= 0)
            {
                int count = Math.Min(Math.Min(head + 1, coded.Length - read), target.Length - written);
                coded.Slice(read, count).CopyTo(target[written..]);
                read += head + 1;
                written += count;
            }
            else if (head != -128)
            {
                int count = Math.Min(1 - head, target.Length - written);
                target.Slice(written, count).Fill(coded[read++]);
                written += count;
            }
        }

        return written;
    }
}
