using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Swan.MLNet.Search;

/// <summary>Reads rows of float32 from a <c>.npy</c> file, one after another.</summary>
/// <remarks>The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Not thread-safe.</remarks>
internal sealed partial class NpyReader : IDisposable
{
    private const int MaxHeader = 1 << 16;

    private readonly FileStream _file;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SwanFormatException">It is not a .npy file, has other content, or is damaged.</exception>
    public NpyReader(string path)
    {
        Name = Path.GetFileName(path);
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 18);
        try
        {
            (Rows, Columns) = ReadHeader();
            long expected = _file.Position + (long)Rows * Columns * sizeof(float);
            if (_file.Length != expected)
                throw Refused($"has {_file.Length:N0} bytes, but {Rows:N0} rows of {Columns:N0} values take {expected:N0}");
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public string Name { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The next row.</summary>
    /// <exception cref="EndOfStreamException">There is none.</exception>
    public void Read(Span<float> row) => _file.ReadExactly(MemoryMarshal.AsBytes(row[..Columns]));

    public void Dispose() => _file.Dispose();

    private (int Rows, int Columns) ReadHeader()
    {
        Span<byte> start = stackalloc byte[12];
        if (_file.ReadAtLeast(start[..8], 8, throwOnEndOfStream: false) < 8 || !start.StartsWith(NpyWriter.Magic))
            throw Refused("doesn't begin as one");
        int major = start[6], lengthBytes = major == 1 ? 2 : 4;
        if (major is < 1 or > 3 || _file.ReadAtLeast(start[8..(8 + lengthBytes)], lengthBytes, throwOnEndOfStream: false) < lengthBytes)
            throw Refused($"has version {major}; expected 1 to 3");
        uint length = major == 1 ? BitConverter.ToUInt16(start[8..]) : BitConverter.ToUInt32(start[8..]);
        byte[] header = new byte[Math.Min(length, MaxHeader)];
        if (length > MaxHeader || _file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            throw Refused($"claims a header of {length:N0} bytes");
        string text = Encoding.UTF8.GetString(header);
        Match shape = Shape().Match(text);
        if (!Type().IsMatch(text) || !Order().IsMatch(text) || !shape.Success
            || !int.TryParse(shape.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int rows)
            || !int.TryParse(shape.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int columns) || columns == 0)
        {
            throw Refused($"holds {text.Trim()}; expected 'descr': '<f4', 'fortran_order': False and a shape of two numbers. "
                + "numpy.save(path, numpy.ascontiguousarray(rows, dtype='<f4')) writes that");
        }
        return (rows, columns);
    }

    private SwanFormatException Refused(string how) => new($"'{Name}' is not a .npy file of rows of float32: it {how}.");

    [GeneratedRegex("'descr'\\s*:\\s*'<f4'", RegexOptions.NonBacktracking)]
    private static partial Regex Type();

    [GeneratedRegex("'fortran_order'\\s*:\\s*False", RegexOptions.NonBacktracking)]
    private static partial Regex Order();

    [GeneratedRegex("'shape'\\s*:\\s*\\(\\s*([0-9]{1,10})\\s*,\\s*([0-9]{1,10})\\s*,?\\s*\\)", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
