using System.Buffers.Binary;
using System.Text;

namespace Swan.Batch.Stores;

/// <summary>Texts by key in a file of this machine, searched where they lie.</summary>
internal sealed class SortedTable : IDisposable
{
    private const char End = '\0';

    private readonly FileStream _lines = LocalFile.Create(), _ends = LocalFile.Create();
    private readonly long _count;

    /// <summary>Makes a table.</summary>
    /// <param name="lines">What <see cref="Line"/> makes, in the order of UTF-8 bytes. Of several of a key any may be found.</param>
    public SortedTable(IEnumerable<string> lines)
    {
        try
        {
            Span<byte> end = stackalloc byte[sizeof(long)];
            foreach (string line in lines)
            {
                _lines.Write(Encoding.UTF8.GetBytes(line));
                BinaryPrimitives.WriteInt64LittleEndian(end, _lines.Position);
                _ends.Write(end);
                _count++;
            }
            _lines.Flush();
            _ends.Flush();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A key and its text as a line, for sorting.</summary>
    public static string Line(string key, string text) => $"{key}{End}{text}";

    /// <summary>The text of a key; null where there is none.</summary>
    public string? Find(string key)
    {
        string wanted = key + End;
        long low = 0, high = _count;
        while (low < high)
        {
            long middle = (low + high) / 2;
            if (Utf8Order.Instance.Compare(Read(middle), wanted) < 0) low = middle + 1;
            else high = middle;
        }
        return low < _count && Read(low) is { } line && line.StartsWith(wanted, StringComparison.Ordinal) ? line[wanted.Length..] : null;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _ends.Dispose();
    }

    private string Read(long number)
    {
        long start = number == 0 ? 0 : EndOf(number - 1);
        byte[] line = new byte[EndOf(number) - start];
        Fill(_lines, line, start);
        return Encoding.UTF8.GetString(line);
    }

    private long EndOf(long number)
    {
        Span<byte> end = stackalloc byte[sizeof(long)];
        Fill(_ends, end, number * sizeof(long));
        return BinaryPrimitives.ReadInt64LittleEndian(end);
    }

    private static void Fill(FileStream file, Span<byte> bytes, long at)
    {
        while (bytes.Length > 0)
        {
            int count = RandomAccess.Read(file.SafeFileHandle, bytes, at);
            if (count == 0) throw new IOException($"The temporary file '{file.Name}' ends early.");
            bytes = bytes[count..];
            at += count;
        }
    }
}
