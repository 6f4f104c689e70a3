using System.Collections.Frozen;
using System.IO.Compression;
using BitMiracle.LibTiff.Classic;
using ZstdSharp;

namespace Swan.MLNet.Imaging;

/// <summary>Decodes what does not depend on how the pixels lie.</summary>
/// <param name="coded">A chunk as it is stored.</param>
/// <param name="target">Takes the chunk's rows.</param>
/// <returns>Bytes that were written.</returns>
internal delegate int TiffDecoding(ReadOnlySpan<byte> coded, Span<byte> target);

/// <summary>A compression of TIFF.</summary>
/// <param name="Number">Its number in the tag Compression.</param>
/// <param name="Name">What users know it by.</param>
/// <param name="Decode">Null where decoding takes more than a chunk's bytes, or is not done here.</param>
/// <param name="MaxRatio">How many bytes one byte can become at most; 0 where the kind of picture decides.</param>
/// <param name="HasPredictor">The tag Predictor applies.</param>
internal sealed record TiffCompression(int Number, string Name, TiffDecoding? Decode, int MaxRatio = 0, bool HasPredictor = false)
{
    public const int None = 1, OldJpeg = 6, Jpeg = 7;

    private static readonly FrozenDictionary<int, TiffCompression> Known = new TiffCompression[]
    {
        new(None, "none", Copy, 1),
        new(2, "CCITT RLE", null),
        new(3, "CCITT Group 3", null),
        new(4, "CCITT Group 4", null),
        new(5, "LZW", LzwDecoder.Decode, 4096, HasPredictor: true),
        new(OldJpeg, "old-style JPEG", null),
        new(Jpeg, "JPEG", null),
        new(8, "Deflate", Inflate, 4096, HasPredictor: true),
        new(32771, "CCITT RLE with word alignment", null),
        new(32773, "PackBits", PackBitsDecoder.Decode, 128),
        new(32946, "Deflate", Inflate, 4096, HasPredictor: true),
        new(50000, "ZSTD", Zstandard, 1 << 17, HasPredictor: true),
    }.ToFrozenDictionary(c => c.Number);

    private static readonly FrozenDictionary<int, string> Foreign = new Dictionary<int, string>
    {
        [9] = "JBIG (T.85)", [10] = "JBIG (T.43)", [32766] = "NeXT RLE", [32809] = "ThunderScan", [32895] = "IT8 CT", [32896] = "IT8 LW",
        [32897] = "IT8 MP", [32898] = "IT8 BL", [32908] = "Pixar film", [32909] = "PixarLog", [32947] = "Kodak DCS", [34661] = "JBIG",
        [33003] = "JPEG 2000 (Aperio, YCbCr)", [33005] = "JPEG 2000 (Aperio, RGB)", [34676] = "SGI Log", [34677] = "SGI Log 24",
        [34712] = "JPEG 2000", [34713] = "Nikon NEF", [34887] = "LERC", [34892] = "lossy JPEG of DNG", [34925] = "LZMA", [50001] = "WebP",
        [50002] = "JPEG XL", [52546] = "JPEG XL of DNG", [65000] = "Kodak DCR", [65535] = "Pentax PEF",
    }.ToFrozenDictionary();

    /// <summary>CCITT's codings of black and white.</summary>
    public bool IsCcitt => Number is 2 or 3 or 4 or 32771;

    /// <summary>The compression of a number that <see cref="ThrowUnlessRead"/> let pass.</summary>
    public static TiffCompression Of(int number) => Known[number];

    /// <exception cref="SwanImageException">The compression, or its use for these samples, isn't read.</exception>
    public static void ThrowUnlessRead(TiffDirectory directory, TiffFields fields)
    {
        long number = directory.Number(TiffTags.Compression, None);
        if (number > int.MaxValue || !Known.TryGetValue((int)number, out TiffCompression? compression))
        {
            string? known = Foreign.GetValueOrDefault((int)Math.Min(number, int.MaxValue));
            string codec = known is null ? $"{number}" : $"{known} ({number})";
            throw Unsupported($"its compression is {codec}, which is not supported");
        }
        if (number == Jpeg && (fields.Bits != 8 || fields.Format is not (SampleFormat.UINT or SampleFormat.VOID)))
            throw Unsupported($"it is JPEG with {fields.Bits}-bit {fields.Format} samples; expected 8 bits");
        if (compression.IsCcitt && (fields.Bits != 1 || fields.Samples != 1))
        {
            throw SwanImageException.Corrupt(directory.Name,
                $"its compression is {compression.Name}, which holds one band of 1 bit, but its header says {fields.Samples} of "
                + $"{fields.Bits}");
        }

        SwanImageException Unsupported(string what) => new(directory.Name, ImageFault.Unsupported,
            $"{what}. Write it with another compression, for example with 'gdal_translate -co COMPRESS=DEFLATE' or "
            + "'-co COMPRESS=ZSTD'.");
    }

    private static int Copy(ReadOnlySpan<byte> coded, Span<byte> target)
    {
        int count = Math.Min(coded.Length, target.Length);
        coded[..count].CopyTo(target);
        return count;
    }

    private static unsafe int Inflate(ReadOnlySpan<byte> coded, Span<byte> target)
    {
        fixed (byte* start = coded)
        {
            using var stream = new UnmanagedMemoryStream(start, coded.Length);
            using var inflated = new ZLibStream(stream, CompressionMode.Decompress);
            try
            {
                return inflated.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
            }
            catch (InvalidDataException e)
            {
                // .NET's message speaks of an archive and an unsupported method.
                throw new InvalidDataException("it is not a zlib stream, or is damaged", e);
            }
        }
    }

    private static int Zstandard(ReadOnlySpan<byte> coded, Span<byte> target)
    {
        using var decompressor = new Decompressor();
        return decompressor.Unwrap(coded, target);
    }
}
