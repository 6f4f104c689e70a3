using System.Buffers.Binary;
using System.Text;

namespace Swan.Training.Native;

/// <summary>An empty shared library with a name of our choice, for glibc on x86-64.</summary>
/// <remarks>
/// glibc's loader compares the name it is asked for, a path too, with the names that loaded libraries give themselves. So a library that
/// calls itself by a path is what a later load of that path gets, and the file there is never opened.
/// </remarks>
internal static class StandInLibrary
{
    private const int Header = 64, ProgramHeader = 56, DynamicEntry = 16, Symbol = 24;
    private const int Dynamic = Header + (3 * ProgramHeader), Symbols = Dynamic + (7 * DynamicEntry), Hash = Symbols + Symbol;
    private const int Strings = Hash + 16;

    /// <summary>The library's bytes: no code, no symbols, one name.</summary>
    /// <param name="name">What it calls itself.</param>
    public static byte[] Named(string name)
    {
        byte[] text = Encoding.UTF8.GetBytes(name);
        byte[] image = new byte[Strings + 1 + text.Length + 1];
        WriteHeader(image);
        // glibc before 2.35 writes addresses into the dynamic table, so the segment is writable.
        const int Load = 1, DynamicTable = 2, Stack = 0x6474e551;
        WriteSegment(image, 0, Load, 0, image.Length, 0x1000);
        WriteSegment(image, 1, DynamicTable, Dynamic, Symbols - Dynamic, 8);
        WriteSegment(image, 2, Stack, 0, 0, 16); // without it, the loader would make the process's stack executable
        const int End = 0, HashTable = 4, StringTable = 5, SymbolTable = 6, StringSize = 10, SymbolSize = 11, Soname = 14;
        (int Tag, int Value)[] entries =
            [(Soname, 1), (HashTable, Hash), (StringTable, Strings), (SymbolTable, Symbols), (StringSize, text.Length + 2),
                (SymbolSize, Symbol), (End, 0)];
        for (int i = 0; i < entries.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(image.AsSpan(Dynamic + (i * DynamicEntry)), entries[i].Tag);
            BinaryPrimitives.WriteInt64LittleEndian(image.AsSpan(Dynamic + (i * DynamicEntry) + 8), entries[i].Value);
        }

        // One bucket and one symbol, the null symbol that every table begins with.
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(Hash), 1);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(Hash + 4), 1);
        text.CopyTo(image, Strings + 1);
        return image;
    }

    private static void WriteHeader(byte[] image)
    {
        ReadOnlySpan<byte> identity = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]; // 64 bits, little-endian
        identity.CopyTo(image);
        BinaryPrimitives.WriteInt16LittleEndian(image.AsSpan(16), 3); // a shared library
        BinaryPrimitives.WriteInt16LittleEndian(image.AsSpan(18), LibTorchVersion.X64);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(20), 1);
        BinaryPrimitives.WriteInt64LittleEndian(image.AsSpan(32), Header);
        BinaryPrimitives.WriteInt16LittleEndian(image.AsSpan(52), Header);
        BinaryPrimitives.WriteInt16LittleEndian(image.AsSpan(54), ProgramHeader);
        BinaryPrimitives.WriteInt16LittleEndian(image.AsSpan(56), 3);
    }

    private static void WriteSegment(byte[] image, int index, int type, int offset, int size, int alignment)
    {
        Span<byte> header = image.AsSpan(Header + (index * ProgramHeader), ProgramHeader);
        BinaryPrimitives.WriteInt32LittleEndian(header, type);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], 6); // read and write
        foreach (int address in (int[])[8, 16, 24]) BinaryPrimitives.WriteInt64LittleEndian(header[address..], offset);
        foreach (int length in (int[])[32, 40]) BinaryPrimitives.WriteInt64LittleEndian(header[length..], size);
        BinaryPrimitives.WriteInt64LittleEndian(header[48..], alignment);
    }
}
