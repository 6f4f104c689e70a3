namespace Swan.MLNet.Imaging;

/// <summary>Receives the parts of a file that a format's class keeps; without room it only counts them, to size the room.</summary>
internal sealed class KeptBytes(Memory<byte> room = default)
{
    public int Length { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (!room.IsEmpty) bytes.CopyTo(room.Span[Length..]);
        Length += bytes.Length;
    }
}
