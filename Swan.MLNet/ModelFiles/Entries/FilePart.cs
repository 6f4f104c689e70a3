using Microsoft.Win32.SafeHandles;

namespace Swan.MLNet.ModelFiles;

/// <summary>A range of an open file as a stream with a position of its own. Disposing it leaves the file open.</summary>
/// <param name="file">The file; it stays its owner's.</param>
/// <param name="start">The range's first byte.</param>
/// <param name="length">Its length.</param>
internal sealed class FilePart(SafeFileHandle file, long start, long length) : Stream
{
    /// <summary>A file that stays open until nothing refers to the result, and that others may replace or delete.</summary>
    /// <remarks>
    /// Who has it open reads the same bytes when its name belongs to another file by then. Writing into the file itself is not prevented:
    /// a lock would stand in others' way for as long as a model is used.
    /// </remarks>
    /// <param name="path">The file.</param>
    public static Func<Stream> Opener(string path)
    {
        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return () => new FilePart(file, 0, RandomAccess.GetLength(file));
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        int most = (int)Math.Clamp(length - Position, 0, buffer.Length);
        int read = RandomAccess.Read(file, buffer[..most], start + Position);
        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Current => Position + offset,
        SeekOrigin.End => length + offset,
        _ => offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
