using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Swan.Testing;

/// <summary>Makes the checksums of a living index's files right again after their bytes were changed, or nothing gets past them.</summary>
public static class SealedIndex
{
    private const int Page = 4096, Digits = 32, FirstDigit = 17;

    /// <summary>Makes a segment's checksums right, as far as its header and its table can be followed.</summary>
    /// <returns>The checksum of its first page, as a manifest has it.</returns>
    public static string Segment(byte[] segment)
    {
        if (segment.Length < Page) return new string('0', Digits);
        long offset = BinaryPrimitives.ReadInt64LittleEndian(segment.AsSpan(32));
        int length = BinaryPrimitives.ReadInt32LittleEndian(segment.AsSpan(40));
        int parts = BinaryPrimitives.ReadInt32LittleEndian(segment.AsSpan(24));
        if (offset >= Page && length >= 0 && offset <= segment.Length - length)
        {
            Span<byte> table = segment.AsSpan((int)offset, length);
            for (Span<byte> rest = table; parts > 0 && TrySealPart(segment, ref rest); parts--)
            {
                // Part after part.
            }
            BinaryPrimitives.WriteUInt128LittleEndian(segment.AsSpan(48), XxHash128.HashToUInt128(table));
        }
        UInt128 header = XxHash128.HashToUInt128(segment.AsSpan(0, Page - 16));
        BinaryPrimitives.WriteUInt128LittleEndian(segment.AsSpan(Page - 16), header);
        return header.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Makes a manifest's checksum right.</summary>
    public static byte[] Manifest(byte[] manifest)
    {
        if (manifest.Length < FirstDigit + Digits) return manifest;
        byte[] made = [.. manifest];
        made.AsSpan(FirstDigit, Digits).Fill((byte)'0');
        string checksum = XxHash128.HashToUInt128(made).ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
        Encoding.ASCII.GetBytes(checksum, made.AsSpan(FirstDigit));
        return made;
    }

    private static bool TrySealPart(byte[] segment, ref Span<byte> table)
    {
        int name = table.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(table);
        if (name < 0 || table.Length < name + 20L) return false;
        table = table[(4 + name)..];
        long offset = BinaryPrimitives.ReadInt64LittleEndian(table);
        int length = BinaryPrimitives.ReadInt32LittleEndian(table[8..]), chunk = BinaryPrimitives.ReadInt32LittleEndian(table[12..]);
        table = table[16..];
        long padded = ((long)length + Page - 1) / Page * Page;
        if (length < 0 || chunk < Page || offset < 0 || offset > segment.Length - padded) return false;
        for (long at = 0; at < padded; at += chunk)
        {
            if (table.Length < 16) return false;
            int some = (int)Math.Min(chunk, padded - at);
            BinaryPrimitives.WriteUInt128LittleEndian(table, XxHash128.HashToUInt128(segment.AsSpan((int)(offset + at), some)));
            table = table[16..];
        }
        return true;
    }
}
