namespace Swan.MLNet.Imaging;

/// <summary>LZW as TIFF has it: codes of 9 to 12 bits, the highest bit first; those of libtiff before 1992 the lowest first.</summary>
internal static class LzwDecoder
{
    private const int Clear = 256, End = 257, First = 258, Codes = 4096, MinWidth = 9, MaxWidth = 12;

    /// <summary>Fills the target as far as there are codes.</summary>
    /// <returns>Bytes that were written.</returns>
    /// <exception cref="InvalidDataException">A code means nothing.</exception>
    public static int Decode(ReadOnlySpan<byte> coded, Span<byte> target)
    {
        // A stream begins with Clear, whose 9 bits look so only from the other end. It widens codes one later, too.
        bool old = coded is [0, _, ..] && (coded[1] & 1) != 0;
        // Each code's bytes are the ones that were written for the code before it, and one more: they lie in the target.
        Span<int> starts = stackalloc int[Codes], lengths = stackalloc int[Codes];
        int next = First, width = MinWidth, written = 0, start = 0, length = 0, read = 0, held = 0;
        ulong bits = 0;
        while (written < target.Length)
        {
            for (; held < width; held += 8)
            {
                if (read == coded.Length) return written;
                bits = old ? bits | (ulong)coded[read++] << held : bits << 8 | coded[read++];
            }

            held -= width;
            int code = (int)((old ? bits : bits >> held) & ((1UL << width) - 1));
            if (old) bits >>= width;
            if (code == End) return written;
            if (code == Clear)
            {
                (next, width, length) = (First, MinWidth, 0);
                continue;
            }

            (int fromStart, int fromLength) = code < Clear ? (-1, 1)
                : length > 0 && code < next ? (starts[code], lengths[code])
                : length > 0 && code == next ? (start, length + 1)
                : throw new InvalidDataException($"the LZW code {code} is not defined yet");
            if (length > 0 && next < Codes)
            {
                (starts[next], lengths[next]) = (start, length + 1);
                if (++next >= (1 << width) - (old ? 0 : 1) && width < MaxWidth) width++;
            }

            (start, length) = (written, fromLength);
            if (code < Clear) target[written++] = (byte)code;
            else written += Copy(target, fromStart, written, fromLength);
        }

        return written;
    }

    // What is copied may reach into the copy.
    private static int Copy(Span<byte> target, int from, int to, int count)
    {
        count = Math.Min(count, target.Length - to);
        if (from + count <= to) target.Slice(from, count).CopyTo(target[to..]);
        else for (int i = 0; i < count; i++) target[to + i] = target[from + i];
        return count;
    }
}
