using System.Buffers.Binary;
using System.Text;

namespace Swan.Training.Native;

/// <summary>
/// Rewrites the one import of <c>libLibTorchSharp.so</c> that an older libstdc++ lacks.
/// </summary>
/// <remarks>
/// Built with GCC 13, the library asks for <c>std::ios_base_library_init()</c> of <c>GLIBCXX_3.4.32</c>: GCC 13's replacement of the static
/// <c>std::ios_base::Init</c> object. Renaming the import to that object's constructor, which every libstdc++ exports as
/// <c>GLIBCXX_3.4</c> and which doesn't touch <c>this</c>, asks for the same effect in the older way. See docs/decisions/0002.
/// </remarks>
internal static class ElfSymbolVersion
{
    private const string NewerSymbol = "_ZSt21ios_base_library_initv";
    private const string OlderSymbol = "_ZNSt8ios_base4InitC1Ev";
    private const string NewerVersion = "GLIBCXX_3.4.32";
    private const string OlderVersion = "GLIBCXX_3.4";
    private const uint GnuVersionNeedSection = 0x6ffffffe;

    /// <summary>Patches the image in place.</summary>
    /// <returns>How many version needs were rewritten; 0 when the library doesn't import the newer symbol.</returns>
    /// <exception cref="InvalidDataException">The image isn't a 64-bit little-endian ELF file, or lacks what the patch needs.</exception>
    public static int Lower(Span<byte> elf)
    {
        if (elf.Length < 64 || U32(elf, 0) != 0x464c457f || elf[4] != 2 || elf[5] != 1)
            throw new InvalidDataException("The library is not a 64-bit little-endian ELF file.");
        try
        {
            return LowerSections(elf);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("The library's section headers point outside the file: it is cut short or damaged.", e);
        }
    }

    private static int LowerSections(Span<byte> elf)
    {
        long sections = (long)U64(elf, 0x28);
        int sectionSize = U16(elf, 0x3A), sectionCount = U16(elf, 0x3C);
        for (int i = 0; i < sectionCount; i++)
        {
            long section = sections + (long)i * sectionSize;
            if (U32(elf, section + 4) != GnuVersionNeedSection) continue;
            long strings = sections + U32(elf, section + 0x28) * (long)sectionSize;
            int stringStart = checked((int)U64(elf, strings + 0x18)), stringLength = checked((int)U64(elf, strings + 0x20));
            Span<byte> names = elf.Slice(stringStart, stringLength);

            int symbol = IndexOfName(names, NewerSymbol);
            if (symbol < 0) return 0;
            int older = IndexOfName(names, OlderVersion);
            if (older < 0) throw new InvalidDataException($"The library's string table has no '{OlderVersion}' to point to.");

            int rewritten = RewriteVersionNeeds(
                elf, checked((int)U64(elf, section + 0x18)), checked((int)U32(elf, section + 0x2C)), names, (uint)older);
            Span<byte> name = names.Slice(symbol, NewerSymbol.Length);
            name.Clear();
            Encoding.ASCII.GetBytes(OlderSymbol, name);
            return rewritten;
        }

        return 0;
    }

    private static int RewriteVersionNeeds(Span<byte> elf, int firstNeed, int needCount, ReadOnlySpan<byte> names, uint olderName)
    {
        int rewritten = 0;
        long need = firstNeed;
        for (int i = 0; i < needCount; i++)
        {
            // Elf64_Verneed: version, count (2 bytes each), file, aux, next (4 each). Elf64_Vernaux: hash (4), flags, other (2 each), name,
            // next (4 each).
            int count = U16(elf, need + 2);
            long aux = need + U32(elf, need + 8);
            for (int j = 0; j < count; j++)
            {
                if (NameAt(names, checked((int)U32(elf, aux + 8))) == NewerVersion)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(elf[checked((int)aux)..], ElfHash(OlderVersion));
                    BinaryPrimitives.WriteUInt32LittleEndian(elf[checked((int)(aux + 8))..], olderName);
                    rewritten++;
                }

                aux += U32(elf, aux + 12);
            }

            need += U32(elf, need + 12);
        }

        return rewritten;
    }

    private static int IndexOfName(ReadOnlySpan<byte> names, string name)
    {
        int at = names.IndexOf(Encoding.ASCII.GetBytes("\0" + name + "\0"));
        return at < 0 ? -1 : at + 1;
    }

    private static string NameAt(ReadOnlySpan<byte> names, int offset)
    {
        ReadOnlySpan<byte> tail = names[offset..];
        return Encoding.ASCII.GetString(tail[..tail.IndexOf((byte)0)]);
    }

    private static uint ElfHash(string name)
    {
        uint hash = 0;
        foreach (char c in name)
        {
            hash = (hash << 4) + c;
            uint high = hash & 0xf0000000;
            if (high != 0) hash ^= high >> 24;
            hash &= ~high;
        }

        return hash;
    }

    private static ushort U16(ReadOnlySpan<byte> elf, long at) => BinaryPrimitives.ReadUInt16LittleEndian(elf[checked((int)at)..]);

    private static uint U32(ReadOnlySpan<byte> elf, long at) => BinaryPrimitives.ReadUInt32LittleEndian(elf[checked((int)at)..]);

    private static ulong U64(ReadOnlySpan<byte> elf, long at) => BinaryPrimitives.ReadUInt64LittleEndian(elf[checked((int)at)..]);
}
