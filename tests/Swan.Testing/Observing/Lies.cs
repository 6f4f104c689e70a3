using System.Buffers.Binary;
using Swan.MLNet;

namespace Swan.Testing;

/// <summary>Files in which a number somewhere is another one, such as a length that claims too much.</summary>
public static class Lies
{
    private static readonly int[] Claims = [int.MaxValue, int.MinValue, -1, 0, 1 << 30, 1 << 24, 0x00FF_FFFF];

    /// <summary>Reads every lie about a file: each is refused or changes nothing that is read, and takes little memory.</summary>
    /// <param name="file">A good file.</param>
    /// <param name="places">Where a number of four bytes is replaced.</param>
    /// <param name="read">Reads a file: throws <see cref="SwanFormatException"/> where it refuses it.</param>
    public static void AssertBounded(byte[] file, IEnumerable<int> places, Action<byte[]> read)
    {
        long most = 16 * (long)file.Length + (16 << 20);
        foreach (int at in places)
        {
            foreach (int claim in Claims)
            {
                byte[] lie = [.. file];
                BinaryPrimitives.WriteInt32LittleEndian(lie.AsSpan(at), claim);
                long before = GC.GetAllocatedBytesForCurrentThread();
                Exception? refusal = Record.Exception(() => read(lie));
                long taken = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(refusal is null or SwanFormatException, $"{claim} at {at}: {refusal}");
                Assert.True(taken <= most, $"{claim} at {at} takes {taken:N0} bytes of memory; the file has {file.Length:N0}");
            }
        }
    }
}
