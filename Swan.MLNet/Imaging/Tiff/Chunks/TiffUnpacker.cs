using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>Samples that are not as wide as the type they are read in: unsigned ones of odd bits, and floats of 16.</summary>
internal static class TiffUnpacker
{
    /// <summary>Whether samples are stored otherwise than they are read.</summary>
    public static bool IsNeeded(TiffFields fields) => fields.Bits != fields.SampleType.Bytes() * 8;

    /// <param name="row">A chunk's row.</param>
    /// <param name="first">Its first sample that is wanted.</param>
    /// <param name="target">Takes as many samples as it has room for.</param>
    /// <param name="fields">What the samples are.</param>
    public static void Unpack(ReadOnlySpan<byte> row, long first, Span<byte> target, TiffFields fields)
    {
        if (fields.Format == SampleFormat.IEEEFP)
        {
            ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(row[(int)(first * 2)..]);
            Span<float> floats = MemoryMarshal.Cast<byte, float>(target);
            for (int i = 0; i < floats.Length; i++) floats[i] = (float)halves[i];
            return;
        }

        int bits = fields.Bits;
        long bit = first * bits;
        switch (fields.SampleType)
        {
            case TiffSampleType.Byte:
                for (int i = 0; i < target.Length; i++, bit += bits) target[i] = (byte)Packed(row, bit, bits);
                break;
            case TiffSampleType.UInt16:
                Span<ushort> words = MemoryMarshal.Cast<byte, ushort>(target);
                for (int i = 0; i < words.Length; i++, bit += bits) words[i] = (ushort)Packed(row, bit, bits);
                break;
            default:
                Span<uint> longs = MemoryMarshal.Cast<byte, uint>(target);
                for (int i = 0; i < longs.Length; i++, bit += bits) longs[i] = Packed(row, bit, bits);
                break;
        }
    }

    /// <summary>Fills samples with the nearest value that their type has.</summary>
    public static void Fill(Span<byte> target, TiffSampleType type, double value)
    {
        double whole = Math.Round(value, MidpointRounding.AwayFromZero);
        switch (type)
        {
            case TiffSampleType.Byte: target.Fill(byte.CreateSaturating(whole)); break;
            case TiffSampleType.SByte: MemoryMarshal.Cast<byte, sbyte>(target).Fill(sbyte.CreateSaturating(whole)); break;
            case TiffSampleType.UInt16: MemoryMarshal.Cast<byte, ushort>(target).Fill(ushort.CreateSaturating(whole)); break;
            case TiffSampleType.Int16: MemoryMarshal.Cast<byte, short>(target).Fill(short.CreateSaturating(whole)); break;
            case TiffSampleType.UInt32: MemoryMarshal.Cast<byte, uint>(target).Fill(uint.CreateSaturating(whole)); break;
            case TiffSampleType.Int32: MemoryMarshal.Cast<byte, int>(target).Fill(int.CreateSaturating(whole)); break;
            case TiffSampleType.Single: MemoryMarshal.Cast<byte, float>(target).Fill((float)value); break;
            default: MemoryMarshal.Cast<byte, double>(target).Fill(value); break;
        }
    }

    // Samples that don't fill bytes follow each other from the highest bit down.
    private static uint Packed(ReadOnlySpan<byte> row, long bit, int bits)
    {
        int start = (int)(bit / 8), skipped = (int)(bit % 8), bytes = (skipped + bits + 7) / 8;
        ulong window = 0;
        for (int i = 0; i < bytes; i++) window = window << 8 | row[start + i];
        return (uint)(window >> (bytes * 8 - skipped - bits) & ((1UL << bits) - 1));
    }
}
