using System.Runtime.InteropServices;

namespace Swan.MLNet.Imaging;

/// <summary>Samples as whole numbers in the same order, so that one histogram counts all types.</summary>
/// <remarks>Floats of 64 bits are taken as ones of 32.</remarks>
internal static class SampleKeys
{
    // Keys of the lowest and the highest finite float; infinities and what is no number lie outside.
    private const uint LeastFinite = 0x0080_0000, MostFinite = 0xFF7F_FFFF;
    private const uint Sign = 0x8000_0000;

    /// <summary>Bits of a key: 16 or 32.</summary>
    public static int Bits(TiffSampleType type) =>
        type is TiffSampleType.Byte or TiffSampleType.SByte or TiffSampleType.UInt16 or TiffSampleType.Int16 ? 16 : 32;

    /// <summary>The sample of key 0 of a type whose keys have 16 bits.</summary>
    public static int First(TiffSampleType type) => type is TiffSampleType.SByte or TiffSampleType.Int16 ? short.MinValue : 0;

    /// <summary>Writes the samples' keys.</summary>
    /// <param name="row">Samples.</param>
    /// <param name="keys">As many.</param>
    public static void Write(TiffRow row, Span<uint> keys)
    {
        keys = keys[..row.Count];
        switch (row.Type)
        {
            case TiffSampleType.Byte or TiffSampleType.UInt16 or TiffSampleType.UInt32:
                row.CopyTo(keys);
                break;
            case TiffSampleType.SByte or TiffSampleType.Int16:
                row.CopyTo(MemoryMarshal.Cast<uint, int>(keys));
                foreach (ref uint key in keys) key -= unchecked((uint)short.MinValue);
                break;
            case TiffSampleType.Int32:
                row.CopyTo(MemoryMarshal.Cast<uint, int>(keys));
                foreach (ref uint key in keys) key ^= Sign;
                break;
            default:
                row.CopyTo(MemoryMarshal.Cast<uint, float>(keys));
                foreach (ref uint key in keys) key = (key & Sign) != 0 ? ~key : key | Sign;
                break;
        }
    }

    /// <summary>Whether a key is that of a number: floats can be infinite or none.</summary>
    public static bool IsNumber(TiffSampleType type, uint key) => !IsFloat(type) || key is >= LeastFinite and <= MostFinite;

    /// <summary>The sample of a key.</summary>
    public static double Sample(TiffSampleType type, uint key) => type switch
    {
        TiffSampleType.Byte or TiffSampleType.UInt16 or TiffSampleType.UInt32 => key,
        TiffSampleType.SByte or TiffSampleType.Int16 => key + (double)short.MinValue,
        TiffSampleType.Int32 => (int)(key ^ Sign),
        _ => BitConverter.UInt32BitsToSingle((key & Sign) != 0 ? key ^ Sign : ~key),
    };

    /// <summary>The key of a value; null where no sample of the type can be it.</summary>
    public static uint? Of(TiffSampleType type, double value)
    {
        if (IsFloat(type))
        {
            uint bits = BitConverter.SingleToUInt32Bits((float)value);
            return double.IsNaN(value) ? null : (bits & Sign) != 0 ? ~bits : bits | Sign;
        }
        (double least, double most) = Limits(type);
        if (Math.Floor(value) != value || !(value >= least && value <= most)) return null;
        return type switch
        {
            TiffSampleType.SByte or TiffSampleType.Int16 => (uint)(value - short.MinValue),
            TiffSampleType.Int32 => (uint)(int)value ^ Sign,
            _ => (uint)value,
        };
    }

    private static bool IsFloat(TiffSampleType type) => type is TiffSampleType.Single or TiffSampleType.Double;

    private static (double Least, double Most) Limits(TiffSampleType type) => type switch
    {
        TiffSampleType.Byte => (byte.MinValue, byte.MaxValue),
        TiffSampleType.SByte => (sbyte.MinValue, sbyte.MaxValue),
        TiffSampleType.UInt16 => (ushort.MinValue, ushort.MaxValue),
        TiffSampleType.Int16 => (short.MinValue, short.MaxValue),
        TiffSampleType.UInt32 => (uint.MinValue, uint.MaxValue),
        _ => (int.MinValue, int.MaxValue),
    };
}
