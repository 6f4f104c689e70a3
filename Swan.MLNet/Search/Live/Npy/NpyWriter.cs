using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Swan.MLNet.Search;

/// <summary>Writes rows of float32 as a <c>.npy</c> file of version 1.0.</summary>
internal static class NpyWriter
{
    private const int Aligned = 64, Start = 10;

    /// <summary>How such a file begins.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <param name="stream">Gets the file.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="embeddingSize">Values of each.</param>
    /// <param name="rows">Exactly that many.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static void Write(
        Stream stream, int count, int embeddingSize, IEnumerable<ReadOnlyMemory<float>> rows, CancellationToken cancellation)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({count}, {embeddingSize}), }}");
        int length = (Start + text.Length + 1 + Aligned - 1) / Aligned * Aligned - Start;
        byte[] header = Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n");
        Span<byte> start = stackalloc byte[Start];
        Magic.CopyTo(start);
        start[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(start[8..], (ushort)header.Length);
        stream.Write(start);
        stream.Write(header);
        int done = 0;
        foreach (ReadOnlyMemory<float> row in rows)
        {
            if (done++ % 1024 == 0) cancellation.ThrowIfCancellationRequested();
            stream.Write(MemoryMarshal.AsBytes(row.Span));
        }
    }
}
