namespace Swan.MLNet.Imaging;

/// <summary>A rectangle of an image's pixels.</summary>
/// <param name="X">Its first column, from 0 at the left.</param>
/// <param name="Y">Its first row, from 0 at the top.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
internal readonly record struct PixelWindow(int X, int Y, int Width, int Height)
{
    /// <exception cref="ArgumentOutOfRangeException">It is empty or does not lie within the image.</exception>
    internal void ThrowUnlessWithin(int width, int height)
    {
        if (X < 0 || Y < 0 || Width < 1 || Height < 1 || X > width - Width || Y > height - Height)
        {
            throw new ArgumentOutOfRangeException("window", this,
                $"The window is {Width}×{Height} pixels at ({X}, {Y}); expected one of at least 1×1 within the image's {width}×{height}.");
        }
    }
}
