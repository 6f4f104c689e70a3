using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using Swan.Batch.Stores;

namespace Swan.Batch.Archives;

/// <summary>An entry's bytes, unpacked: as many as the archive's directory says, with its checksum.</summary>
internal sealed class EntryStream : ForwardStream
{
    private const int HeaderSize = 30, FewFields = 512;

    private readonly Stream _packed, _unpacked;
    private readonly ArchiveEntry _entry;
    private readonly string _name;
    private readonly Crc32 _checksum = new();
    private long _left;

    private EntryStream(Stream packed, ArchiveEntry entry, string name)
    {
        (_packed, _entry, _name, _left) = (packed, entry, name, entry.Size);
        _unpacked = entry.Method == ZipMethod.Deflated ? new DeflateStream(packed, CompressionMode.Decompress) : packed;
    }

    /// <summary>Opens an entry by one request.</summary>
    /// <exception cref="StoreException">It is packed in a way that is not known here, or the archive is another one.</exception>
    public static async Task<Stream> OpenAsync(ObjectStore store, StoredObject archive, ArchiveEntry entry, CancellationToken cancellation)
    {
        string name = $"'{entry.Name}' of '{archive.Key}' in {store.Address}";
        if (entry.Method == ArchiveEntry.Bare)
            return await store.OpenRangeAsync(archive, entry.Offset, entry.Size, cancellation).ConfigureAwait(false);
        if (entry.Method is not (ZipMethod.Stored or ZipMethod.Deflated))
        {
            string packed = entry.Method == ZipMethod.Encrypted ? "encrypted" : $"compressed by method {entry.Method}";
            throw new StoreException(
                $"{name} can't be read: it is {packed}, and "
                + "only stored and deflated files are read. Pack it again, or unpack it.", StoreFailure.NotSupported);
        }
        // The header before the bytes has a name, and fields of a length that the directory doesn't tell: mostly few.
        long asked = HeaderSize + Encoding.UTF8.GetByteCount(entry.Name) + FewFields + entry.Packed;
        (Stream part, long before) = await AskAsync(store, archive, entry, asked, name, cancellation).ConfigureAwait(false);
        if (before + entry.Packed > asked)
        {
            part.Dispose();
            (part, _) = await AskAsync(store, archive, entry, before + entry.Packed, name, cancellation).ConfigureAwait(false);
        }
        return new EntryStream(new PartStream(part, entry.Packed, part), entry, name);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        int count;
        try
        {
            count = await _unpacked.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(_name, "its bytes can't be unpacked", e);
        }
        _left -= count;
        _checksum.Append(buffer.Span[..count]);
        if (_left < 0 || count == 0 && _left > 0)
            throw Damaged(_name, FormattableString.Invariant($"it doesn't have the {_entry.Size} bytes that the directory gives"));
        if (_left == 0 && _checksum.GetCurrentHashAsUInt32() != _entry.Checksum) throw Damaged(_name, "its checksum doesn't match");
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        _unpacked.Dispose();
        _packed.Dispose();
        base.Dispose(disposing);
    }

    // The part after the header, and how long the header is.
    private static async Task<(Stream Part, long Before)> AskAsync(
        ObjectStore store, StoredObject archive, ArchiveEntry entry, long asked, string name, CancellationToken cancellation)
    {
        Stream part = await store.OpenRangeAsync(archive, entry.Offset, Math.Min(asked, archive.Size - entry.Offset), cancellation)
            .ConfigureAwait(false);
        try
        {
            byte[] header = new byte[HeaderSize];
            await part.ReadExactlyAsync(header, cancellation).ConfigureAwait(false);
            if (!header.AsSpan(0, 4).SequenceEqual("PK\u0003\u0004"u8)) throw Damaged(name, "its header is missing");
            int names = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26))
                + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
            if (HeaderSize + names + entry.Packed <= asked)
                await part.ReadExactlyAsync(new byte[names], cancellation).ConfigureAwait(false);
            return (part, HeaderSize + names);
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    private static StoreException Damaged(string name, string found, Exception? cause = null) =>
        new($"{name} is damaged: {found}. Create the archive again.", StoreFailure.Damaged, cause);
}
