using System.IO.Compression;
using CsCheck;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

public sealed class TiffWindowTests
{
    private const int Deflate = 8;

    private static readonly int[] Depths = [1, 4, 8, 12, 16, 32];

    private static readonly Gen<int[]> Numbers = Gen.Int[0, int.MaxValue - 1].Array[8];

    private static readonly Gen<Layout> Layouts =
        from width in Gen.Int[1, 70]
        from height in Gen.Int[1, 50]
        from chunk in Gen.Select(Gen.Int[1, 80], Gen.Int[1, 60])
        from bits in Gen.Int[0, 5].Select(i => Depths[i])
        from samples in Gen.Int[1, 4]
        from kind in Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool)
        from seed in Gen.Int
        select new Layout(width, height, chunk.Item1, chunk.Item2, bits, samples, kind.Item1, kind.Item2, kind.Item3, kind.Item4, seed);

    [Fact]
    public void A_window_is_that_part_of_the_whole_image() => Gen.Select(Layouts, Numbers).Sample((layout, numbers) =>
    {
        using TiffFile file = TiffFile.Open(layout.File(), "made");
        int[] all = [.. Enumerable.Range(0, layout.Samples)];
        TiffWindow whole = file.Image.Read(new(0, 0, layout.Width, layout.Height), all);
        int x = numbers[0] % layout.Width, y = numbers[1] % layout.Height;
        var window = new PixelWindow(x, y, numbers[2] % (layout.Width - x) + 1, numbers[3] % (layout.Height - y) + 1);
        int[] bands = [.. numbers[4..(5 + numbers[4] % 4)].Select(n => n % layout.Samples)];

        TiffWindow part = file.Image.Read(window, bands);

        int size = whole.Type.Bytes();
        for (int row = 0; row < window.Height; row++)
        {
            for (int column = 0; column < window.Width; column++)
            {
                for (int b = 0; b < bands.Length; b++)
                {
                    int from = (((y + row) * layout.Width + x + column) * layout.Samples + bands[b]) * size;
                    int to = ((row * window.Width + column) * bands.Length + b) * size;
                    if (!whole.Samples.AsSpan(from, size).SequenceEqual(part.Samples.AsSpan(to, size))) return false;
                }
            }
        }

        return true;
    });

    [Fact]
    public void Streaming_hands_out_every_sample_of_a_window_once() => Layouts.Sample(layout =>
    {
        using TiffFile file = TiffFile.Open(new MemoryStream(layout.File()), "made");
        var times = new int[layout.Width * layout.Height * layout.Samples];
        file.Image.Read(new(0, 0, layout.Width, layout.Height), [.. Enumerable.Range(0, layout.Samples)], (x, y, band, row) =>
        {
            for (int i = 0; i < row.Count; i++) times[(y * layout.Width + x + i) * layout.Samples + band]++;
        });

        return times.All(t => t == 1);
    });

    [Fact]
    public void A_chunk_is_read_from_the_file_once_for_a_window()
    {
        var layout = new Layout(64, 64, 16, 16, 16, 3, IsTiled: true, IsSeparate: false, IsCompressed: true, IsSparse: false, Seed: 1);
        byte[] bytes = layout.File();
        var counted = new CountingStream(bytes);
        using TiffFile file = TiffFile.Open(counted, "made");
        counted.Bytes = 0;

        file.Image.Read(new(16, 16, 32, 32), [0, 1, 2, 0]);

        // Four tiles of random samples of 2 bytes, and the lists of where they lie.
        Assert.InRange(counted.Bytes, 4 * 16 * 16 * 6, 4 * 16 * 16 * 6 + 1000);
    }

    [Theory]
    [InlineData(5_000), InlineData(20_000)]
    public void Memory_is_that_of_the_window_whatever_the_size_of_the_scene(int side)
    {
        const int Tile = 256, Bands = 4;
        int across = (side - 1) / Tile + 1;
        var tiff = new MadeTiff(big: true);
        byte[] stored = Layout.Deflated(new byte[Tile * Tile * Bands * 2]);
        long[] offsets = [.. Enumerable.Repeat(tiff.Append(stored), across * across)];
        byte[] bytes = tiff.Numbers(256, side).Numbers(257, side).Numbers(258, 16).Numbers(277, Bands).Numbers(259, Deflate)
            .Numbers(322, Tile).Numbers(323, Tile).Offsets(324, offsets).Offsets(325, [.. offsets.Select(_ => (long)stored.Length)])
            .ToArray();
        using TiffFile file = TiffFile.Open(new MemoryStream(bytes), "made");
        file.Image.Read(new(0, 0, 1, 1), [0]); // what .NET allocates once
        long before = GC.GetAllocatedBytesForCurrentThread();

        TiffWindow window = file.Image.Read(new(side - 600, side - 500, 512, 300), [0, 1, 2, 3]);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, window.Samples.Length, window.Samples.Length + 1_000_000);
    }

    // Random bytes are random samples of any type.
    private sealed record Layout(
        int Width, int Height, int ChunkWidth, int ChunkHeight, int Bits, int Samples, bool IsTiled, bool IsSeparate, bool IsCompressed,
        bool IsSparse, int Seed)
    {
        public byte[] File()
        {
            var random = new Random(Seed);
            int width = IsTiled ? ChunkWidth : Width, height = IsTiled ? ChunkHeight : Math.Min(ChunkHeight, Height);
            int across = (Width - 1) / width + 1, down = (Height - 1) / height + 1, planes = IsSeparate && Samples > 1 ? Samples : 1;
            var tiff = new MadeTiff();
            var offsets = new long[across * down * planes];
            var sizes = new long[offsets.Length];
            for (int i = 0; i < offsets.Length; i++)
            {
                if (IsSparse && random.Next(3) == 0) continue;
                int rows = IsTiled ? height : Math.Min(height, Height - i / across % down * height);
                var chunk = new byte[(width * (Samples / planes) * Bits + 7) / 8 * rows];
                random.NextBytes(chunk);
                byte[] stored = IsCompressed ? Deflated(chunk) : chunk;
                (offsets[i], sizes[i]) = (tiff.Append(stored), stored.Length);
            }

            tiff.Numbers(256, Width).Numbers(257, Height).Numbers(258, Bits).Numbers(277, Samples).Numbers(284, planes > 1 ? 2 : 1);
            if (IsTiled) tiff.Numbers(322, width).Numbers(323, height).Offsets(324, offsets).Offsets(325, sizes);
            else tiff.Numbers(278, height).Offsets(273, offsets).Offsets(279, sizes);
            return tiff.Numbers(259, IsCompressed ? Deflate : 1).ToArray();
        }

        public static byte[] Deflated(byte[] bytes)
        {
            using var stream = new MemoryStream();
            using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest)) zlib.Write(bytes);
            return stream.ToArray();
        }
    }

    private sealed class CountingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public long Bytes { get; set; }

        public override int Read(Span<byte> buffer)
        {
            int read = base.Read(buffer);
            Bytes += read;
            return read;
        }
    }
}
