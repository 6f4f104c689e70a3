using Swan.MLNet.Imaging;

namespace Swan.Benchmarks.Looks;

/// <summary>A 64-bit hash that was a candidate for <see cref="PerceptualHash"/>.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Compute">Hashes a picture.</param>
internal sealed record LookHash(string Name, Func<RgbImage, ulong> Compute)
{
    private const int Side = 8, Cells = LumaCells.Side;

    private static readonly double[] s_cosines =
    [
        .. from u in Enumerable.Range(1, Side)
           from x in Enumerable.Range(0, Cells)
           select Math.Cos(Math.PI * u * (2 * x + 1) / (2 * Cells)),
    ];

    /// <summary>The library's, and what it was chosen over.</summary>
    public static IReadOnlyList<LookHash> All { get; } =
    [
        new("DCT signs", PerceptualHash.Compute), new("DCT median", picture => AboveMedian(Frequencies(picture))),
        new("gradients", Gradients), new("block means", picture => AboveMedian(Blocks(picture, Side, Side))),
    ];

    // As the published pHash: the 8×8 lowest frequencies, the mean left out.
    private static double[] Frequencies(RgbImage picture)
    {
        int[] cells = LumaCells.Average(picture);
        var rows = new double[Cells * Side];
        var frequencies = new double[Side * Side];
        for (int at = 0; at < rows.Length; at++)
        {
            for (int x = 0; x < Cells; x++) rows[at] += cells[at / Side * Cells + x] * s_cosines[at % Side * Cells + x];
        }
        for (int at = 0; at < frequencies.Length; at++)
        {
            for (int y = 0; y < Cells; y++) frequencies[at] += rows[y * Side + at % Side] * s_cosines[at / Side * Cells + y];
        }

        return frequencies;
    }

    // dHash, rightward and downward in turns.
    private static ulong Gradients(RgbImage picture)
    {
        double[] wide = Blocks(picture, Side + 1, Side), high = Blocks(picture, Side, Side + 1);
        ulong hash = 0;
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                bool rises = (x + y) % 2 == 0
                    ? wide[y * (Side + 1) + x] < wide[y * (Side + 1) + x + 1]
                    : high[y * Side + x] < high[(y + 1) * Side + x];
                if (rises) hash |= 1UL << (y * Side + x);
            }
        }

        return hash;
    }

    private static ulong AboveMedian(double[] values)
    {
        double median = Report.Median(values);
        ulong hash = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] > median) hash |= 1UL << i;
        }

        return hash;
    }

    private static double[] Blocks(RgbImage picture, int columns, int rows)
    {
        int[] cells = LumaCells.Average(picture);
        var sums = new double[columns * rows];
        for (int cell = 0; cell < cells.Length; cell++)
        {
            int y = cell / Cells, x = cell % Cells;
            for (int row = y * rows / Cells; row * Cells < (y + 1) * rows; row++)
            {
                for (int column = x * columns / Cells; column * Cells < (x + 1) * columns; column++)
                    sums[row * columns + column] += (double)cells[cell] * Shared(x, column, columns) * Shared(y, row, rows);
            }
        }

        return sums;

        // How much of a cell lies in a block, in units that both are a whole number of.
        static int Shared(int cell, int block, int blocks) =>
            Math.Min((cell + 1) * blocks, (block + 1) * Cells) - Math.Max(cell * blocks, block * Cells);
    }
}
