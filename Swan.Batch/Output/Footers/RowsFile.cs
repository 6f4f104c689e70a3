using Parquet;
using Swan.Batch.Stores;

namespace Swan.Batch.Output;

/// <summary>Opens Parquet files of rows, those with float16, too.</summary>
internal static class RowsFile
{
    // A LogicalType that is FLOAT16, and its end. Other files may have such bytes elsewhere.
    private static ReadOnlySpan<byte> Float16 => [0xFC, 0, 0];

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task<ParquetReader> OpenAsync(string path, CancellationToken cancellation)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            return await OpenAsync(stream, leaveOpen: false, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Opens what is in a stream.</summary>
    /// <param name="stream">Seekable.</param>
    /// <param name="leaveOpen">Whether it stays open when the reader is disposed.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task<ParquetReader> OpenAsync(Stream stream, bool leaveOpen, CancellationToken cancellation)
    {
        Stream known = await KnownAsync(stream, leaveOpen, cancellation).ConfigureAwait(false);
        return await ParquetReader.CreateAsync(known, leaveStreamOpen: leaveOpen, cancellationToken: cancellation).ConfigureAwait(false);
    }

    private static async Task<Stream> KnownAsync(Stream stream, bool leaveOpen, CancellationToken cancellation)
    {
        byte[]? bytes = await ParquetFooter.ReadBytesAsync(stream, cancellation).ConfigureAwait(false);
        stream.Position = 0;
        if (bytes is null || bytes.AsSpan().IndexOf(Float16) < 0) return stream;
        ParquetFooter footer = ParquetFooter.Parse(stream, bytes);
        bool any = false;
        foreach (ThriftStruct leaf in footer.Leaves.Where(ParquetFooter.IsFloat16))
        {
            ParquetFooter.SetBytes(leaf);
            any = true;
        }
        return any ? new WithFooter(stream, leaveOpen, footer.Start, footer.ToBytes()) : stream;
    }

    /// <summary>A file with another end.</summary>
    private sealed class WithFooter(Stream file, bool leaveOpen, long start, byte[] end) : PlacedStream
    {
        public override long Length => start + end.Length;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count;
            if (Position < start)
            {
                file.Position = Position;
                int most = (int)Math.Min(buffer.Length, start - Position);
                count = await file.ReadAsync(buffer[..most], cancellationToken).ConfigureAwait(false);
            }
            else
            {
                int at = (int)Math.Min(Position - start, end.Length);
                count = Math.Min(buffer.Length, end.Length - at);
                end.AsMemory(at, count).CopyTo(buffer);
            }
            Position += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !leaveOpen) file.Dispose();
            base.Dispose(disposing);
        }
    }
}
