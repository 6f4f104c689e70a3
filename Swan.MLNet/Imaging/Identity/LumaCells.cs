namespace Swan.MLNet.Imaging;

/// <summary>A picture's luma, averaged over a grid of equal cells, in integers.</summary>
internal static class LumaCells
{
    /// <summary>Cells on each side.</summary>
    public const int Side = 32;

    // Luma of 255 is 255 · 2^8 here; a cell's mean keeps 4 more bits.
    private const int Red = 77, Green = 150, Blue = 29, MeanBits = 4;

    /// <summary>Averages a picture, squashed to a square.</summary>
    /// <returns><c>cells[y * Side + x]</c>, each 0 to 255 · 2^12.</returns>
    public static int[] Average(RgbImage picture)
    {
        int width = picture.Width, height = picture.Height;
        // A pixel covers Side units of a row and a cell width units, so that both begin and end on whole units.
        var sums = new long[Side * Side];
        Span<long> row = stackalloc long[Side];
        for (int y = 0; y < height; y++)
        {
            row.Clear();
            AddRow(picture.Pixels.AsSpan(y * width * 3, width * 3), row);
            long from = (long)y * Side, to = from + Side;
            for (int cell = (int)(from / height); from < to; cell++)
            {
                long end = Math.Min(to, (long)(cell + 1) * height);
                for (int x = 0; x < Side; x++) sums[cell * Side + x] += (end - from) * row[x];
                from = end;
            }
        }

        long area = (long)width * height;
        return Array.ConvertAll(sums, sum => (int)((sum << MeanBits) / area));
    }

    private static void AddRow(ReadOnlySpan<byte> pixels, Span<long> cells)
    {
        int width = pixels.Length / 3, cell = 0;
        long at = 0, end = width;
        for (int i = 0; i + 2 < pixels.Length; i += 3)
        {
            int luma = Red * pixels[i] + Green * pixels[i + 1] + Blue * pixels[i + 2];
            long next = at + Side;
            while (next > end)
            {
                cells[cell++] += (end - at) * luma;
                (at, end) = (end, end + width);
            }
            cells[cell] += (next - at) * luma;
            at = next;
        }
    }
}
