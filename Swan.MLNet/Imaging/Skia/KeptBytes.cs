namespace Swan.MLNet.Imaging;

/// <summary>Where a format's class writes what it keeps of a file; without room it only counts, so that room can be made.</summary>
internal sealed class KeptBytes(Memory<byte> room = default)
{
    public int Length { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (!room.IsEmpty) bytes.CopyTo(room.Span[Length..]);
        Length += bytes.Length;
    }
}
