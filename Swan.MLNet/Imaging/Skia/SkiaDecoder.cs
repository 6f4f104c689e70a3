using SkiaSharp;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>JPEG, PNG, WebP, BMP and GIF through Skia, which gets the parts of a file that their own classes keep.</summary>
/// <remarks>
/// Skia knows no pixels of three bytes. JPEGs come in bands of rows. Others come whole: within a turn that ends with the picture, the
/// fourth bytes are dropped in place.
/// </remarks>
internal static class SkiaDecoder
{
    private const int RgbBytes = 3, RgbaBytes = 4;

    // About what a processor's cache holds beside the codec's own rows.
    private const int BandBytes = 1 << 17;

    /// <summary>Waits for the memory of a picture and of the kept parts of its file.</summary>
    /// <param name="header">The picture.</param>
    /// <param name="kept">Bytes that are kept.</param>
    /// <param name="name">The file's name in error messages.</param>
    /// <param name="options">Limits.</param>
    /// <returns>Room for the kept bytes, which the caller disposes.</returns>
    /// <exception cref="SwanImageException">The picture is too large.</exception>
    public static PooledBuffer Admit(PictureHeader header, int kept, string name, ImageDecodingOptions options)
    {
        // If a header has no size, Skia refuses it. Sides are checked first, because the product of two 32-bit sides may be negative.
        if (header.Width != 0 || header.Height != 0) options.CheckPixels(name, header.Width, header.Height);
        if (!header.IsPart) ImageDecodingOptions.Charge(name, BufferPool.SizeOf(kept) + Need(header));
        return WorkFrame.Process.Buffers.Rent(kept);
    }

    /// <summary>Decodes a picture whose memory is charged.</summary>
    /// <param name="bytes">What its format's class keeps of the file.</param>
    /// <param name="header">What was admitted.</param>
    /// <param name="name">Its name in error messages.</param>
    /// <param name="options">Limits.</param>
    /// <exception cref="SwanDeviceException">SkiaSharp can't be used in this process.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> bytes, PictureHeader header, string name, ImageDecodingOptions options) =>
        Decode(bytes, header, name, options, admitted: true);

    /// <summary>Decodes a picture that Skia alone knows the size of; nothing has been charged.</summary>
    public static RgbImage DecodeUnread(ReadOnlySpan<byte> bytes, string name, ImageDecodingOptions options) =>
        Decode(bytes, new(0, 0, new(1), 0), name, options, admitted: false);

    /// <summary>The error of a SkiaSharp that doesn't work: its own hides the cause.</summary>
    internal static SwanDeviceException Unusable(Exception cause) => new(
        $"SkiaSharp can't be used, so no image can be decoded: {cause.GetBaseException().Message.TrimEnd('.')}. Keep the package SkiaSharp "
        + "and its native assets at 2.88, because ML.NET's images don't work with 3. On Linux, reference the package "
        + "SkiaSharp.NativeAssets.Linux.NoDependencies, too.", cause);

    private static RgbImage Decode(
        ReadOnlySpan<byte> bytes, PictureHeader header, string name, ImageDecodingOptions options, bool admitted)
    {
        try
        {
            return DecodeWithSkia(bytes, header, name, options, admitted);
        }
        catch (Exception e) when (MachineFault.IsOfTheProgram(e))
        {
            throw Unusable(e);
        }
    }

    private static unsafe RgbImage DecodeWithSkia(
        ReadOnlySpan<byte> bytes, PictureHeader header, string name, ImageDecodingOptions options, bool admitted)
    {
        fixed (byte* start = bytes)
        {
            using var data = SKData.Create((nint)start, bytes.Length);
            using SKCodec codec = SKCodec.Create(data) ?? throw SwanImageException.Corrupt(
                name, "it starts like an image, but its header can't be read");
            (int width, int height) = (codec.Info.Width, codec.Info.Height);
            options.CheckPixels(name, width, height);
            if (!admitted) ImageDecodingOptions.Charge(name, Need(header with { Width = width, Height = height }));
            // The header determines the scale and the charged memory.
            else if (header.ByRows ? (width, height) != (header.Width, header.Height) : (long)width * height > header.Pixels)
            {
                throw SwanImageException.Corrupt(
                    name, $"its header says {header.Width}×{header.Height} pixels, but its data have {width}×{height}");
            }

            SKSizeI size = header.Eighths == JpegScale.Full
                ? codec.Info.Size
                : codec.GetScaledDimensions((float)header.Eighths / JpegScale.Full);
            // Unpremultiplied, so dropping alpha leaves the file's colors; without a color space, so they aren't converted.
            var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
            return header.ByRows ? Rows(codec, info, header, name) : Whole(codec, info, header, name);
        }
    }

    private static unsafe RgbImage Rows(SKCodec codec, SKImageInfo info, PictureHeader header, string name)
    {
        SKCodecResult begun = codec.StartScanlineDecode(info);
        if (begun != SKCodecResult.Success) throw Fault(begun, name);
        int rowBytes = info.RowBytes, most = Math.Clamp(BandBytes / rowBytes, 1, info.Height);
        RgbImage upright = header.Create(info.Width, info.Height);
        using PooledBuffer band = WorkFrame.Process.Buffers.Rent(most * rowBytes);
        for (int row = 0; row < info.Height; row += most)
        {
            int rows = Math.Min(most, info.Height - row);
            if (codec.GetScanlines((nint)band.Start, rows, rowBytes) < rows) throw Fault(SKCodecResult.IncompleteInput, name);
            header.Orientation.Place(band.Span[..(rows * rowBytes)], RgbaBytes, row, info.Width, info.Height, upright.Rgb);
        }
        return upright;
    }

    private static unsafe RgbImage Whole(SKCodec codec, SKImageInfo info, PictureHeader header, string name)
    {
        int bytes = checked((int)info.BytesSize64);
        PooledBuffer? ofTurn = DecodeTurn.RentPicture(bytes);
        using PooledBuffer? own = ofTurn is null ? WorkFrame.Process.Buffers.Rent(bytes) : null;
        PooledBuffer rgba = ofTurn ?? own!;
        // Areas outside a picture are black.
        rgba.Span.Clear();
        SKCodecResult result = codec.GetPixels(info, (nint)rgba.Start);
        if (result != SKCodecResult.Success) throw Fault(result, name);
        if (ofTurn is not null && header.Orientation.IsUpright)
        {
            PixelPacking.ToRgb(rgba.Span, rgba.Span[..(bytes / RgbaBytes * RgbBytes)], red: 0);
            return new RgbImage(info.Width, info.Height, rgba);
        }
        RgbImage upright = header.Create(info.Width, info.Height);
        header.Orientation.Place(rgba.Span, RgbaBytes, 0, info.Width, info.Height, upright.Rgb);
        return upright;
    }

    private static long Need(PictureHeader header)
    {
        // The codec keeps a picture's coefficients, whatever the decoding scale.
        long pixels = header.DecodedPixels, need = header.Besides + header.Pixels * header.CodecBytes;
        if (header.ByRows) return need + BufferPool.SizeOf(pixels * RgbBytes) + BandBytes;
        bool inPlace = DecodeTurn.EndsWithPicture && header.Orientation.IsUpright;
        return need + BufferPool.SizeOf(pixels * RgbaBytes) + (inPlace ? 0 : BufferPool.SizeOf(pixels * RgbBytes));
    }

    private static SwanImageException Fault(SKCodecResult result, string name) => result switch
    {
        SKCodecResult.IncompleteInput => SwanImageException.Truncated(name),
        SKCodecResult.Unimplemented or SKCodecResult.InvalidConversion =>
            new(name, ImageFault.Unsupported, $"Skia can't decode this kind of image ({result}). Convert it to PNG or JPEG."),
        _ => SwanImageException.Corrupt(name, $"its coded data can't be decoded ({result})"),
    };
}
