using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Swan.MLNet.Imaging;

/// <summary>Samples of one band that lie side by side in a row, in the file's own type and this machine's byte order.</summary>
internal readonly ref struct TiffRow
{
    /// <param name="bytes">From the first sample to the end of the last.</param>
    /// <param name="stride">Bytes from a sample to the next one of the band.</param>
    /// <param name="count">Samples.</param>
    /// <param name="type">Their type.</param>
    public TiffRow(ReadOnlySpan<byte> bytes, int stride, int count, TiffSampleType type)
    {
        Bytes = bytes;
        (Stride, Count, Type) = (stride, count, type);
    }

    /// <summary>The samples with what lies between them: sample i begins at <c>i * <see cref="Stride"/></c>.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Bytes from a sample to the next one.</summary>
    public int Stride { get; }

    /// <summary>How many samples.</summary>
    public int Count { get; }

    public TiffSampleType Type { get; }

    /// <summary>Converts the samples; what the target's type can't hold becomes its nearest value.</summary>
    /// <param name="target">At least <see cref="Count"/> values.</param>
    /// <exception cref="ArgumentException">The target is too short.</exception>
    public void CopyTo<T>(Span<T> target)
        where T : unmanaged, INumberBase<T>
    {
        if (target.Length < Count)
            throw new ArgumentException($"The row has {Count} samples; the target takes {target.Length}.", nameof(target));
        switch (Type)
        {
            case TiffSampleType.Byte: Convert<byte, T>(target); break;
            case TiffSampleType.SByte: Convert<sbyte, T>(target); break;
            case TiffSampleType.UInt16: Convert<ushort, T>(target); break;
            case TiffSampleType.Int16: Convert<short, T>(target); break;
            case TiffSampleType.UInt32: Convert<uint, T>(target); break;
            case TiffSampleType.Int32: Convert<int, T>(target); break;
            case TiffSampleType.Single: Convert<float, T>(target); break;
            default: Convert<double, T>(target); break;
        }
    }

    /// <summary>Copies the samples as they are.</summary>
    /// <param name="target">Where the first one goes.</param>
    /// <param name="stride">Bytes from a sample to the next in the target.</param>
    public void CopyTo(Span<byte> target, int stride)
    {
        int size = Type.Bytes();
        if (Stride == size && stride == size)
        {
            Bytes[..(Count * size)].CopyTo(target);
            return;
        }

        switch (size)
        {
            case 1: Scatter<byte>(target, stride); break;
            case 2: Scatter<ushort>(target, stride); break;
            case 4: Scatter<uint>(target, stride); break;
            default: Scatter<ulong>(target, stride); break;
        }
    }

    private void Convert<TFrom, TTo>(Span<TTo> target)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        if (Stride == Unsafe.SizeOf<TFrom>())
        {
            ReadOnlySpan<TFrom> samples = MemoryMarshal.Cast<byte, TFrom>(Bytes);
            for (int i = 0; i < Count; i++) target[i] = TTo.CreateSaturating(samples[i]);
        }
        else
        {
            for (int i = 0, at = 0; i < Count; i++, at += Stride) target[i] = TTo.CreateSaturating(MemoryMarshal.Read<TFrom>(Bytes[at..]));
        }
    }

    private void Scatter<T>(Span<byte> target, int stride)
        where T : unmanaged
    {
        for (int i = 0, from = 0, to = 0; i < Count; i++, from += Stride, to += stride)
            MemoryMarshal.Write(target[to..], MemoryMarshal.Read<T>(Bytes[from..]));
    }
}
