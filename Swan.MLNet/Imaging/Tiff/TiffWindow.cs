namespace Swan.MLNet.Imaging;

/// <summary>A window of a TIFF with all its samples, in the file's own type.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Bands">Samples of a pixel.</param>
/// <param name="Type">Their type.</param>
/// <param name="Samples">
/// In this machine's byte order, sample <c>(y * <see cref="Width"/> + x) * <see cref="Bands"/> + band</c>, as many bytes each as
/// <see cref="Type"/> has. The caller's.
/// </param>
internal sealed record TiffWindow(int Width, int Height, int Bands, TiffSampleType Type, byte[] Samples)
{
    /// <summary>A row of one band.</summary>
    public TiffRow Row(int y, int band)
    {
        int size = Type.Bytes();
        return new(Samples.AsSpan(((y * Width * Bands) + band) * size), Bands * size, Width, Type);
    }
}
