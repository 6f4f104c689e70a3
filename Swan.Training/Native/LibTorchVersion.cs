using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Swan.Training.Native;

/// <summary>Which libtorch a file is, and which one TorchSharp's native library was built with.</summary>
internal static class LibTorchVersion
{
    /// <summary>ELF's number of x86-64, the only machine that TorchSharp has a library for on Linux.</summary>
    public const short X64 = 62;

    private const short Arm64 = 183;

    /// <summary>What TorchSharp 0.107's native library was built with.</summary>
    public static Version BuiltWith { get; } = new(2, 10);

    /// <summary>The version of a libtorch that is in the process.</summary>
    /// <param name="libTorch">The handle of libtorch_cpu.</param>
    /// <returns>Null for a libtorch that is too old to say it.</returns>
    public static unsafe Version? Of(nint libTorch)
    {
        if (!NativeLibrary.TryGetExport(libTorch, "aoti_torch_abi_version", out nint function)) return null;
        ulong packed = ((delegate* unmanaged<ulong>)function)();
        return new((byte)(packed >> 56), (byte)(packed >> 48), (byte)(packed >> 40));
    }

    /// <summary>Checks what a file is before the loader, which only says that it is no good.</summary>
    /// <returns>What is wrong with it; null for a whole shared library of this kind of machine.</returns>
    public static string? WhatIsWrong(string file)
    {
        Span<byte> header = stackalloc byte[64];
        long length;
        using (FileStream stream = File.OpenRead(file))
        {
            length = stream.Length;
            if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length
                || BinaryPrimitives.ReadUInt32BigEndian(header) != 0x7f454c46)
                return "is not a shared library";
        }

        short machine = BinaryPrimitives.ReadInt16LittleEndian(header[18..]);
        if (header[4] == 2 && machine == X64)
        {
            // The loader maps a file without looking whether all of it is there; a page that isn't ends the process with SIGBUS. The table
            // of sections is what linkers write last.
            ulong end = BinaryPrimitives.ReadUInt64LittleEndian(header[0x28..]) + ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(
                header[0x3A..]) * BinaryPrimitives.ReadUInt16LittleEndian(header[0x3C..]));
            return end <= (ulong)length ? null : string.Create(
                CultureInfo.InvariantCulture, $"is cut short: it has {length:N0} bytes, and its table of sections ends at {end:N0}");
        }

        string other = machine == Arm64 ? "64-bit ARM" : $"another machine (ELF number {machine})";
        return $"is a library for {other}, and this program for x86-64";
    }
}
