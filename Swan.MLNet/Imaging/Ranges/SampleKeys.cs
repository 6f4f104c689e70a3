using System.Runtime.InteropServices;

namespace Swan.MLNet.Imaging;

/// <summary>Order-preserving whole numbers for samples, so one histogram counts all types.</summary>
/// <remarks>Floats of 64 bits are taken as ones of 32.</remarks>
internal static class SampleKeys
{
    private const uint Sign = 0x8000_0000;

    // The key of the highest finite float; infinities and NaN lie outside.
    private const uint MostFinite = 0xFF7F_FFFF;

    private const double HalfMost = 65_504;

    // The distances of 1 to the next float, of 32 and of 16 bits.
    private const double SingleEpsilon = 1.0 / (1 << 23), HalfEpsilon = 1.0 / (1 << 10);

    // As close to the largest float as programs get that write six digits of it.
    private const double NearMost = 2e-6;

    // The lowest floats always mean no data, whether a file says so or not.
    private static readonly uint LeastData = Of(TiffSampleType.Single, float.MinValue * (1 - NearMost))!.Value + 1;

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
                foreach (ref uint key in keys) key = KeyOf(key);
                break;
        }
    }

    /// <summary>Whether a key is that of a valid number: floats can be infinite, NaN, or the lowest ones, which mean no data.</summary>
    public static bool IsNumber(TiffSampleType type, uint key) => !IsFloat(type) || key >= LeastData && key <= MostFinite;

    /// <summary>
    /// The keys of the samples that a no-data value matches; null if it matches none. Programs write the value with six digits or more, so
    /// floats match it within that precision.
    /// </summary>
    /// <param name="type">The samples' type.</param>
    /// <param name="bits">Bits of a sample as it is stored.</param>
    /// <param name="value">The value for no data.</param>
    public static (uint Least, uint Most)? Around(TiffSampleType type, int bits, double value)
    {
        if (!IsFloat(type) || double.IsInfinity(value)) return Of(type, value) is { } only ? (only, only) : null;
        double off = Math.Abs(value) * (IsNearLimit(type, value) ? NearMost : bits == 16 ? HalfEpsilon : SingleEpsilon);
        return Of(type, value - off) is { } least && Of(type, value + off) is { } most ? (least, most) : null;
    }

    /// <summary>Whether a number is practically a limit of a float type, which says nothing about the picture.</summary>
    public static bool IsNearLimit(TiffSampleType type, double value) => IsFloat(type)
        && Math.Abs(value) >= float.MaxValue * (1 - 5 * NearMost);

    /// <summary>
    /// Whether a range is just the limits of a type, which some programs write for every picture. Pictures do use the full range of 16
    /// unsigned bits.
    /// </summary>
    /// <param name="type">The samples' type.</param>
    /// <param name="bits">Bits of a sample as it is stored.</param>
    /// <param name="low">The lowest sample; null if unknown.</param>
    /// <param name="high">The highest.</param>
    public static bool AreLimits(TiffSampleType type, int bits, double? low, double high)
    {
        if (type is TiffSampleType.UInt16 && bits == 16) return false;
        // Floats of 16 bits.
        if (IsFloat(type) && bits == 16 && (Math.Abs(low ?? 0) >= HalfMost || high >= HalfMost)) return true;
        if (IsFloat(type)) return IsNearLimit(type, low ?? 0) || IsNearLimit(type, high);
        (double least, double most) = Limits(type);
        bool isHighest = high == most || least == 0 && high == (1L << bits) - 1;
        return isHighest && (low is null || low == least);
    }

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
            return double.IsNaN(value) ? null : KeyOf(BitConverter.SingleToUInt32Bits((float)value));
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

    // A zero is a zero, whatever its sign.
    private static uint KeyOf(uint bits) => (bits & Sign) != 0 && bits != Sign ? ~bits : bits | Sign;

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
