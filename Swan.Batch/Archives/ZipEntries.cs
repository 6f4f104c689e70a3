using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Swan.Batch.Stores;

namespace Swan.Batch.Archives;

/// <summary>The files of a zip, from the directory at its end.</summary>
internal static class ZipEntries
{
    private const uint FileMark = 0x02014b50, Unknown32 = uint.MaxValue;
    private const int FixedSize = 46, Utf8Flag = 1 << 11, EncryptedFlag = 1;
    private const ushort Zip64Field = 1;
    private const int MadeByUnix = 3, MadeByDarwin = 19;
    private const uint KindOfFile = 0xF000, Link = 0xA000;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the directory; the files' bytes are not read.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="leftOut">Called with the names of links.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="StoreException">It is no whole zip.</exception>
    public static async IAsyncEnumerable<ArchiveEntry> ReadAsync(
        ObjectStore store, StoredObject archive, Action<string> leftOut, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = new RangeStream(store, archive, cancellation);
        ZipDirectory directory = await ZipDirectory.FindAsync(stream, cancellation).ConfigureAwait(false)
            ?? throw Broken(store, archive, "it has no directory at its end");
        stream.Position = directory.Offset + directory.Shift;
        byte[] header = new byte[FixedSize];
        for (long i = 0; i < directory.Entries; i++)
        {
            ArchiveEntry entry;
            try
            {
                await stream.ReadExactlyAsync(header, cancellation).ConfigureAwait(false);
                if (BinaryPrimitives.ReadUInt32LittleEndian(header) != FileMark) throw Broken(store, archive, "its directory is damaged");
                byte[] rest = new byte[U16(header, 28) + U16(header, 30) + U16(header, 32)];
                await stream.ReadExactlyAsync(rest, cancellation).ConfigureAwait(false);
                entry = Entry(header, rest, directory.Shift);
            }
            catch (EndOfStreamException e)
            {
                throw Broken(store, archive, "its directory is cut off", e);
            }
            if (entry.Name.EndsWith('/') || entry.Name.EndsWith('\\')) continue;
            if (IsLink(header))
            {
                leftOut(entry.Name);
                continue;
            }
            if (entry.Offset + entry.Packed > archive.Size) throw Broken(store, archive, $"'{entry.Name}' extends beyond it");
            yield return entry;
        }
        // Programs that know nothing of more than 65,535 files count from 0 again.
        if (await stream.ReadAtLeastAsync(header.AsMemory(0, sizeof(uint)), sizeof(uint), throwOnEndOfStream: false, cancellation)
                .ConfigureAwait(false) == sizeof(uint) && BinaryPrimitives.ReadUInt32LittleEndian(header) == FileMark)
            throw Broken(store, archive, $"its directory has more than the {directory.Entries} files and folders that it declares");
    }

    // Programs of Unix put a file's mode into the upper half of what is the system's own; a link's content is where it leads.
    private static bool IsLink(ReadOnlySpan<byte> header) =>
        U16(header, 4) >> 8 is MadeByUnix or MadeByDarwin && (U32(header, 38) >> 16 & KindOfFile) == Link;

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ArchiveEntry Entry(ReadOnlySpan<byte> header, ReadOnlySpan<byte> rest, long shift)
    {
        int nameLength = U16(header, 28), extraLength = U16(header, 30), flags = U16(header, 8);
        string name = Name(rest[..nameLength], (flags & Utf8Flag) != 0);
        ReadOnlySpan<byte> wide = Field(rest.Slice(nameLength, extraLength), Zip64Field);
        // Those that don't fit are in a field of their own, in this order.
        long size = Wide(U32(header, 24), ref wide), packed = Wide(U32(header, 20), ref wide), offset = Wide(U32(header, 42), ref wide);
        int method = (flags & EncryptedFlag) != 0 ? ZipMethod.Encrypted : U16(header, 10);
        return new ArchiveEntry(name, offset + shift, packed, size, method, U32(header, 16));
    }

    private static long Wide(uint narrow, ref ReadOnlySpan<byte> wide)
    {
        if (narrow != Unknown32 || wide.Length < 8) return narrow;
        long value = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[8..];
        return value;
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> extra, ushort id)
    {
        while (extra.Length >= 4)
        {
            int length = Math.Min(U16(extra, 2), extra.Length - 4);
            if (U16(extra, 0) == id) return extra.Slice(4, length);
            extra = extra[(4 + length)..];
        }
        return [];
    }

    // Many programs write UTF-8 and don't say so.
    private static string Name(ReadOnlySpan<byte> bytes, bool isUtf8)
    {
        try
        {
            return s_utf8.GetString(bytes);
        }
        catch (DecoderFallbackException) when (!isUtf8)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private static StoreException Broken(ObjectStore store, StoredObject archive, string found, Exception? cause = null) => new(
        $"'{archive.Key}' in {store.Address} is not a complete zip: {found}. Its upload may have been cut off. Create it again, or "
        + "unpack it.", StoreFailure.NotSupported, cause);
}

/// <summary>How a zip's entry is compressed, beside the format's own numbers.</summary>
internal static class ZipMethod
{
    public const int Stored = 0, Deflated = 8, Encrypted = 0x10000;
}
