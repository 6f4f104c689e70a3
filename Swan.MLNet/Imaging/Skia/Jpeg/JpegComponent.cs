namespace Swan.MLNet.Imaging;

/// <summary>A component (color channel) of a JPEG's frame.</summary>
/// <param name="Id">What scans call it.</param>
/// <param name="Across">Its blocks in a row of an interleaved unit.</param>
/// <param name="Down">Its blocks in a column of an interleaved unit.</param>
/// <param name="Columns">Blocks in a row, of a scan that has it alone.</param>
/// <param name="Rows">Rows of blocks, of a scan that has it alone.</param>
internal sealed record JpegComponent(byte Id, int Across, int Down, int Columns, int Rows)
{
    /// <summary>The lowest bit that scans have given of each coefficient; above that of all where none has been given.</summary>
    public int[] LowestBit { get; } = Enumerable.Repeat(14, 64).ToArray();

    /// <summary>A bit for each coefficient of a block that is not zero, once a progressive scan has had some.</summary>
    public ulong[]? NonZero { get; set; }

    /// <summary>Reads the components of a frame header (SOF).</summary>
    /// <returns>Null where it is damaged.</returns>
    public static JpegComponent[]? ReadAll(ReadOnlySpan<byte> frame, out (int Width, int Height) size)
    {
        size = default;
        if (frame.Length < 6) return null;
        int height = frame[1] << 8 | frame[2], width = frame[3] << 8 | frame[4], count = frame[5];
        size = (width, height);
        if (count is 0 or > 4 || frame.Length < 6 + 3 * count) return null;
        int mostAcross = 1, mostDown = 1;
        for (int i = 0; i < count; i++)
        {
            byte factors = frame[7 + 3 * i];
            if (factors >> 4 is 0 or > 4 || (factors & 15) is 0 or > 4) return null;
            (mostAcross, mostDown) = (Math.Max(mostAcross, factors >> 4), Math.Max(mostDown, factors & 15));
        }
        var components = new JpegComponent[count];
        for (int i = 0; i < count; i++)
        {
            int across = frame[7 + 3 * i] >> 4, down = frame[7 + 3 * i] & 15;
            components[i] = new(frame[6 + 3 * i], across, down, Blocks(width, across, mostAcross), Blocks(height, down, mostDown));
        }
        return components;
    }

    private static int Blocks(int pixels, int factor, int most) => ((pixels * factor + most - 1) / most + 7) / 8;
}
