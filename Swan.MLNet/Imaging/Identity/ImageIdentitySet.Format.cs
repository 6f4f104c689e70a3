using System.Buffers.Binary;

namespace Swan.MLNet.Imaging;

/// <content>
/// The file: <c>SWID</c>, then in little-endian the version, 1 where the set is complete or else 0, the two counts (4 bytes each), the
/// hashes of files and the perceptual hashes (8 bytes each), both rising. Another perceptual hash would be another version: hashes of two
/// kinds can't be compared.
/// </content>
public sealed partial class ImageIdentitySet
{
    /// <summary>The most bytes that <see cref="Write"/> writes.</summary>
    internal const long MaxBytes = HeaderBytes + 2L * MaxCount * sizeof(ulong);

    private const int Version = 1, HeaderBytes = 20, HashesAtOnce = 8192;
    private static ReadOnlySpan<byte> Magic => "SWID"u8;

    /// <summary>Writes the set: 20 bytes, then at most 16 bytes an image, the same on every machine.</summary>
    /// <param name="stream">Not closed.</param>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Span<byte> header = stackalloc byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], IsComplete ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], _contents.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], _looks.Length);
        stream.Write(header);
        WriteHashes(stream, _contents);
        WriteHashes(stream, _looks);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="stream">Read to the set's end, which must be the stream's end. Not closed.</param>
    /// <param name="name">Its name in error messages.</param>
    /// <exception cref="SwanFormatException">It is not such a set, is damaged, or has another version.</exception>
    public static ImageIdentitySet Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        List<ulong> contents = [], looks = [];
        bool isComplete = Read(stream, name, contents, looks);
        return new([.. contents], [.. looks], isComplete);
    }

    /// <summary>Refuses what <see cref="Read(Stream, string)"/> would refuse, without keeping any hash.</summary>
    /// <exception cref="SwanFormatException">It is not such a set, is damaged, or has another version.</exception>
    internal static void Validate(byte[] file, string name) => Read(new MemoryStream(file, writable: false), name, null, null);

    // Returns whether the set is complete. Adds the hashes where there is a list for them.
    private static bool Read(Stream stream, string name, List<ulong>? contentHashes, List<ulong>? lookHashes)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.StartsWith(Magic))
            throw Fault(name, "it doesn't begin with 'SWID' and 16 more bytes, so it is not a set of image identities");
        int version = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        if (version != Version)
        {
            throw new SwanFormatException(
                $"'{name}' holds image identities of version {version}, but this version of Swan.MLNet reads version {Version}. "
                + (version > Version ? "Update Swan.MLNet." : "Write it again with this version."));
        }
        int complete = BinaryPrimitives.ReadInt32LittleEndian(header[8..]), contents = BinaryPrimitives.ReadInt32LittleEndian(header[12..]),
            looks = BinaryPrimitives.ReadInt32LittleEndian(header[16..]);
        if (complete is not (0 or 1)) throw Fault(name, $"its header has {complete} as the mark of completeness; expected 0 or 1");
        if (contents is < 0 or > MaxCount || looks is < 0 or > MaxCount)
        {
            throw Fault(name,
                $"its header claims {contents:N0} files and {looks:N0} perceptual hashes; expected 0 to {MaxCount:N0} of each");
        }
        ReadHashes(stream, contents, name, contentHashes);
        if (ReadHashes(stream, looks, name, lookHashes) == PerceptualHash.None)
            throw Fault(name, "it lists the perceptual hash that means 'none'");
        return stream.ReadByte() < 0 ? complete == 1 : throw Fault(name, "it continues after its last hash");
    }

    private static void WriteHashes(Stream stream, ulong[] hashes)
    {
        var bytes = new byte[Math.Min(hashes.Length, HashesAtOnce) * sizeof(ulong)];
        for (int start = 0; start < hashes.Length; start += HashesAtOnce)
        {
            int count = Math.Min(HashesAtOnce, hashes.Length - start);
            for (int i = 0; i < count; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), hashes[start + i]);
            stream.Write(bytes, 0, count * sizeof(ulong));
        }
    }

    // Returns the first; null where there is none. Memory grows with the actual data, not with the header's claim.
    private static ulong? ReadHashes(Stream stream, int count, string name, List<ulong>? hashes)
    {
        ulong? first = null;
        ulong last = 0;
        var bytes = new byte[Math.Min(count, HashesAtOnce) * sizeof(ulong)];
        for (int done = 0; done < count;)
        {
            Span<byte> chunk = bytes.AsSpan(0, Math.Min(HashesAtOnce, count - done) * sizeof(ulong));
            if (stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) < chunk.Length)
                throw Fault(name, $"it ends before the {count:N0} hashes that its header claims");
            for (int at = 0; at < chunk.Length; at += sizeof(ulong), done++)
            {
                ulong hash = BinaryPrimitives.ReadUInt64LittleEndian(chunk[at..]);
                if (done > 0 && hash <= last) throw Fault(name, $"its hash {done:N0} is not greater than the one before it");
                first ??= hash;
                last = hash;
                hashes?.Add(hash);
            }
        }

        return first;
    }

    private static SwanFormatException Fault(string name, string what) => new(
        $"The image identities in '{name}' can't be read: {what}. The file is damaged or was not written by Swan. Create it again.");
}
