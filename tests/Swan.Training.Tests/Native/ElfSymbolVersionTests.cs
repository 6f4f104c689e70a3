using System.Buffers.Binary;
using System.Text;
using Swan.Training.Native;

namespace Swan.Training.Tests.Native;

public sealed class ElfSymbolVersionTests
{
    private const string Newer = "_ZSt21ios_base_library_initv", Older = "_ZNSt8ios_base4InitC1Ev";

    // The hashes that the format defines, as binutils write them.
    private const uint HashOf3432 = 0x0297f862, HashOf34 = 0x08922974;

    [Fact]
    public void The_import_gets_the_older_name_and_its_version_need_the_older_version()
    {
        TinyElf elf = TinyElf.Create(Newer, "GLIBCXX_3.4", "GLIBCXX_3.4.32", "GLIBC_2.14");
        Assert.Equal(1, ElfSymbolVersion.Lower(elf.Bytes));

        Assert.Contains("\0" + Older + "\0", elf.Strings, StringComparison.Ordinal);
        Assert.DoesNotContain(Newer, elf.Strings, StringComparison.Ordinal);
        Assert.Equal(["GLIBCXX_3.4", "GLIBCXX_3.4", "GLIBC_2.14"], elf.Needs.Select(n => n.Name));
        Assert.Equal(HashOf34, elf.Needs[1].Hash);
        Assert.Equal(elf.Needs[0].Hash, elf.Needs[1].Hash);
    }

    [Fact]
    public void A_library_without_the_import_stays_as_it_is()
    {
        TinyElf elf = TinyElf.Create("_ZNSt8ios_base4InitC1Ev", "GLIBCXX_3.4", "GLIBCXX_3.4.32");
        byte[] before = [.. elf.Bytes];
        Assert.Equal(0, ElfSymbolVersion.Lower(elf.Bytes));
        Assert.Equal(before, elf.Bytes);
    }

    [Fact]
    public void A_library_without_the_older_version_is_refused()
    {
        TinyElf elf = TinyElf.Create(Newer, "GLIBCXX_3.4.32");
        var e = Assert.Throws<InvalidDataException>(() => ElfSymbolVersion.Lower(elf.Bytes));
        Assert.Contains("'GLIBCXX_3.4'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_library_or_is_cut_short_is_refused_with_a_reason()
    {
        Assert.Throws<InvalidDataException>(() => ElfSymbolVersion.Lower(Encoding.ASCII.GetBytes(new string('x', 100))));
        Assert.Throws<InvalidDataException>(() => ElfSymbolVersion.Lower([]));
        byte[] whole = TinyElf.Create(Newer, "GLIBCXX_3.4", "GLIBCXX_3.4.32").Bytes;
        for (int length = 0; length <= whole.Length - 17; length += 7) // the last 16 bytes, alignment and entry size, don't matter
        {
            byte[] cut = whole[..length];
            Assert.Throws<InvalidDataException>(() => ElfSymbolVersion.Lower(cut));
        }
    }

    [Fact]
    public void TorchSharps_own_library_is_lowered_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux libraries are ELF files.");
        string library = Directory.EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).First();
        byte[] image = File.ReadAllBytes(library);
        int length = image.Length;
        Assert.Equal(1, ElfSymbolVersion.Lower(image));
        Assert.Equal(length, image.Length);
        Assert.True(image.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Older)) > 0);
        Assert.Equal(0, ElfSymbolVersion.Lower(image));
    }

    /// <summary>An ELF file that has nothing but a string table and the version needs of one library.</summary>
    private sealed class TinyElf
    {
        private const int Header = 64, Section = 64;
        private int _needs, _strings, _stringsLength;

        public required byte[] Bytes { get; init; }

        public string Strings => Encoding.ASCII.GetString(Bytes, _strings, _stringsLength);

        public (string Name, uint Hash)[] Needs
        {
            get
            {
                int count = BinaryPrimitives.ReadUInt16LittleEndian(Bytes.AsSpan(_needs + 2));
                return [.. Enumerable.Range(0, count).Select(i =>
                {
                    int aux = _needs + 16 + 16 * i, name = (int)BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(aux + 8));
                    return (Strings[name..Strings.IndexOf('\0', name)], BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(aux)));
                })];
            }
        }

        public static TinyElf Create(string symbol, params string[] versions)
        {
            string[] names = [symbol, "libstdc++.so.6", .. versions];
            string table = "\0" + string.Concat(names.Select(n => n + "\0"));
            int At(string name) => table.IndexOf("\0" + name + "\0", StringComparison.Ordinal) + 1;
            int needs = Header + table.Length, sections = needs + 16 + 16 * versions.Length;
            var bytes = new byte[sections + 3 * Section];
            bytes[0] = 0x7f;
            Encoding.ASCII.GetBytes("ELF", bytes.AsSpan(1));
            (bytes[4], bytes[5]) = (2, 1); // 64 bits, little-endian
            Put8(0x28, sections);
            Put2(0x3A, Section);
            Put2(0x3C, 3);
            Encoding.ASCII.GetBytes(table, bytes.AsSpan(Header));

            Put2(needs, 1);
            Put2(needs + 2, versions.Length);
            Put4(needs + 4, (uint)At("libstdc++.so.6"));
            Put4(needs + 8, 16);
            for (int i = 0; i < versions.Length; i++)
            {
                int aux = needs + 16 + 16 * i;
                Put4(aux, versions[i] switch { "GLIBCXX_3.4" => HashOf34, "GLIBCXX_3.4.32" => HashOf3432, _ => 1 });
                Put2(aux + 6, i + 2);
                Put4(aux + 8, (uint)At(versions[i]));
                Put4(aux + 12, i + 1 < versions.Length ? 16u : 0);
            }

            int strings = sections + Section, need = sections + 2 * Section; // the first section is empty
            Put4(strings + 4, 3);
            Put8(strings + 0x18, Header);
            Put8(strings + 0x20, table.Length);
            Put4(need + 4, 0x6ffffffe);
            Put8(need + 0x18, needs);
            Put4(need + 0x28, 1); // its strings are in section 1
            Put4(need + 0x2C, 1);
            return new TinyElf { Bytes = bytes, _needs = needs, _strings = Header, _stringsLength = table.Length };

            void Put2(int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)value);
            void Put4(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
            void Put8(int at, long value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), (ulong)value);
        }
    }
}
