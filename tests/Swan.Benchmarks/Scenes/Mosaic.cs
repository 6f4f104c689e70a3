using System.Buffers.Binary;
using System.Text.Json;
using SkiaSharp;
using Swan.Geo.Rasters;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;

namespace Swan.Benchmarks.Scenes;

/// <summary>A large scene of four bands and 16 bits, made of images of plain land, with others planted at known places.</summary>
internal sealed class Mosaic
{
    public const int Cell = 224;

    // Scenes that resemble none of the planted ones.
    private static readonly string[] s_land = ["bareland", "desert", "farmland", "forest", "meadow", "mountain"];

    // What 11 bits of a satellite look like: a dark offset, and a small part of the range.
    private const int Dark = 180, Step = 7, MostLand = 300;

    private readonly int _side, _across;
    private readonly RgbImage[] _land;
    private readonly int[] _cells;
    private readonly List<(PlantedImage Where, RgbImage Image)> _planted = [];

    /// <summary>Draws the places.</summary>
    /// <param name="images">With scenes.</param>
    /// <param name="side">Columns, and rows.</param>
    /// <param name="planted">Scenes that are planted, and how many of each.</param>
    /// <param name="scale">Planted images are this many times as large as they are.</param>
    public Mosaic(CaptionedImageSet images, int side, IReadOnlyDictionary<string, int> planted, double scale)
    {
        (_side, _across) = (side, (side - 1) / Cell + 1);
        var random = new Random(24);
        CaptionedImage[] land = [.. images.Images.Where(i => s_land.Contains(i.Scene))];
        random.Shuffle(land);
        _land = [.. land.Take(MostLand).Select(i => ImageDecoder.Decode(i.ImagePath))];
        _cells = [.. Enumerable.Range(0, _across * _across).Select(_ => random.Next(_land.Length))];
        int size = (int)(Cell * scale);
        foreach ((string scene, int count) in planted)
        {
            CaptionedImage[] of = [.. images.Images.Where(i => i.Scene == scene)];
            random.Shuffle(of);
            foreach (CaptionedImage image in of.Take(count))
            {
                PlantedImage place;
                do
                {
                    place = new(scene, random.Next(side - size), random.Next(side - size), size);
                }
                while (_planted.Any(p => p.Where.Touches(place, Cell)));
                _planted.Add((place, Resized(ImageDecoder.Decode(image.ImagePath), size)));
            }
        }
    }

    /// <summary>Writes a GeoTIFF, and the places beside it (.json).</summary>
    public void Write(string path, double metersPerPixel, CancellationToken cancellation)
    {
        using (FileStream stream = File.Create(path))
        {
            var writer = new GeoTiffWriter(stream, new RasterFormat(_side, _side, 4, TiffSampleType.UInt16)
            {
                Geo = new GeoTags([metersPerPixel, metersPerPixel, 0], [0, 0, 0, 500_000, 5_300_000, 0], null,
                    [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32632], null, null),
            });
            var rows = new byte[_side * GeoTiffWriter.TileSide * 8];
            for (int y = 0; y < _side; y += GeoTiffWriter.TileSide)
            {
                int count = Math.Min(GeoTiffWriter.TileSide, _side - y);
                Parallel.For(0, count, row => Fill(rows.AsSpan(row * _side * 8, _side * 8), y + row));
                writer.Write(0, y, _side, count, rows.AsSpan(0, count * _side * 8), cancellation);
            }
            writer.Complete();
        }
        File.WriteAllText(path + ".json", JsonSerializer.Serialize(_planted.Select(p => p.Where)));
    }

    private void Fill(Span<byte> row, int y)
    {
        int cellRow = y / Cell * _across;
        for (int x = 0; x < _side; x++) Put(row, x, _land[_cells[cellRow + x / Cell]], x % Cell, y % Cell);
        foreach ((PlantedImage where, RgbImage image) in _planted)
        {
            if (y < where.Row || y >= where.Row + where.Size) continue;
            for (int x = 0; x < where.Size; x++) Put(row, where.Column + x, image, x, y - where.Row);
        }
    }

    private static void Put(Span<byte> row, int x, RgbImage image, int column, int line)
    {
        ReadOnlySpan<byte> pixel = image.Pixels.AsSpan((Math.Min(line, image.Height - 1) * image.Width + Math.Min(column,
            image.Width - 1)) * 3, 3);
        for (int band = 0; band < 4; band++)
            BinaryPrimitives.WriteUInt16LittleEndian(row[(x * 8 + band * 2)..], (ushort)(Dark + Step * pixel[band == 3 ? 1 : band]));
    }

    private static RgbImage Resized(RgbImage image, int size)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgb888x));
        for (int i = 0; i < image.Width * image.Height; i++)
            bitmap.SetPixel(i % image.Width, i / image.Width, new SKColor(image.Pixels[i * 3], image.Pixels[i * 3 + 1], image.Pixels[i * 3
                + 2]));
        using SKBitmap resized = bitmap.Resize(new SKImageInfo(size, size, SKColorType.Rgb888x), SKFilterQuality.High);
        var pixels = new byte[size * size * 3];
        for (int i = 0; i < size * size; i++)
        {
            SKColor color = resized.GetPixel(i % size, i / size);
            (pixels[i * 3], pixels[i * 3 + 1], pixels[i * 3 + 2]) = (color.Red, color.Green, color.Blue);
        }
        return new(size, size, pixels);
    }
}

/// <summary>Where an image was planted.</summary>
/// <param name="Scene">What it shows.</param>
/// <param name="Column">Its first column.</param>
/// <param name="Row">Its first row.</param>
/// <param name="Size">Columns, and rows.</param>
internal sealed record PlantedImage(string Scene, int Column, int Row, int Size)
{
    public bool Touches(PlantedImage other, int margin) =>
        Math.Abs(Column + Size / 2 - other.Column - other.Size / 2) < (Size + other.Size) / 2 + margin
        && Math.Abs(Row + Size / 2 - other.Row - other.Size / 2) < (Size + other.Size) / 2 + margin;

    /// <summary>Whether a window shows a fair part of it: its middle lies in the window, or the window's middle in it.</summary>
    public bool IsShownBy(int column, int row, int width, int height)
    {
        double x = Column + Size / 2.0, y = Row + Size / 2.0, middleX = column + width / 2.0, middleY = row + height / 2.0;
        return x >= column && x <= column + width && y >= row && y <= row + height
            || middleX >= Column && middleX <= Column + Size && middleY >= Row && middleY <= Row + Size;
    }
}
