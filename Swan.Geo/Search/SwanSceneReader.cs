using Swan.Geo.Scenes;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Search;

/// <summary>An open scene of an index: reads regions as pictures, in the range that the model used.</summary>
/// <remarks>
/// Reads the file's overviews where it has some, and averages by powers of two where it has none. Memory holds the picture and some rows of
/// tiles. Not safe for concurrent use: open the scene once for each thread. The file is open until this is disposed.
/// </remarks>
public sealed class SwanSceneReader : IDisposable
{
    private const int BytesAtATime = 32 << 20;
    private readonly SceneImage _image;

    private SwanSceneReader(SceneImage image) => _image = image;

    /// <summary>Columns.</summary>
    public int Width => _image.Width;

    /// <summary>Rows.</summary>
    public int Height => _image.Height;

    /// <summary>Reads a region.</summary>
    /// <param name="column">Its first column.</param>
    /// <param name="row">Its first row.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="reduction">
    /// Maximum number of the scene's columns, and rows, for one of the picture, from 1. The actual number is the largest power of two, or
    /// overview of the file, within it, so more than half of it.
    /// </param>
    /// <param name="cancellationToken">Ends reading, at the next tile.</param>
    /// <returns>The region, without a rest of less than a pixel of the picture at its right and bottom; from an overview, up to one of the
    /// overview's pixels more on each side.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The region is empty, or doesn't lie within the scene; or the reduction is below
    /// 1.</exception>
    /// <exception cref="SwanImageException">The file is damaged.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public SwanScenePicture Read(
        int column, int row, int width, int height, double reduction = 1, CancellationToken cancellationToken = default)
    {
        new PixelWindow(column, row, width, height).ThrowUnlessWithin(Width, Height);
        if (!(reduction >= 1)) throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "Expected 1 or more.");
        TiffImage source = _image.Reduced(reduction);
        double across = (double)Width / source.Fields.Width, down = (double)Height / source.Fields.Height;
        PixelWindow region = Within(source.Fields, column / across, row / down, (column + width) / across, (row + height) / down);
        var grid = WindowGrid.Whole(region.Width, region.Height, reduction / Math.Max(across, down) * 1.01);
        var rows = new ReducedRows(grid, new ScenePanel(0, region.Width, 0, region.Width));
        Read(source, region, rows, grid.Down.Size, cancellationToken);
        var pixels = new byte[rows.Width * rows.Height * 4];
        rows.CopyTo(grid.Windows.Single(), pixels);
        return new SwanScenePicture
        {
            Column = region.X * across, Row = region.Y * down, ColumnStep = across * grid.Across.Factor, RowStep = down * grid.Down.Factor,
            Width = rows.Width, Height = rows.Height, Bgra = pixels,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _image.Dispose();

    /// <summary>Opens a scene of an index.</summary>
    /// <returns>Null if its file is gone or has changed.</returns>
    internal static SwanSceneReader? Open(LiveScenes.State scenes, SceneRecord scene, CancellationToken token)
    {
        string path = scenes.PathOf(scene);
        if (!SceneFile.Of(scenes.Folder, path).LooksLike(scene)) return null;
        try
        {
            return new(SceneImage.Open(path, scenes.Decoding(scene), token));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static PixelWindow Within(TiffFields fields, double left, double top, double right, double bottom)
    {
        // Of the scene itself these are whole numbers.
        int x = Math.Min((int)(left + 1e-6), fields.Width - 1), y = Math.Min((int)(top + 1e-6), fields.Height - 1);
        int endX = Math.Clamp((int)Math.Ceiling(right - 1e-6), x + 1, fields.Width);
        int endY = Math.Clamp((int)Math.Ceiling(bottom - 1e-6), y + 1, fields.Height);
        return new(x, y, endX - x, endY - y);
    }

    private void Read(TiffImage source, PixelWindow region, ReducedRows rows, int height, CancellationToken token)
    {
        int bytes = region.Width * 4, chunk = source.RowsAtATime;
        // Whole rows of tiles, which then are decoded once.
        int atATime = Math.Max(1, BytesAtATime / bytes / chunk) * chunk;
        var strip = new byte[(long)bytes * Math.Min(atATime, height)];
        for (int y = 0, count; y < height; y += count)
        {
            count = Math.Min(atATime - (region.Y + y) % chunk, height - y);
            _image.Read(new PixelWindow(region.X, region.Y + y, region.Width, count), strip, token, source);
            for (int line = 0; line < count; line++) rows.Add(strip.AsSpan(line * bytes, bytes));
        }
    }
}
