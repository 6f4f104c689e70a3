namespace Swan.MLNet.Imaging;

/// <summary>Maps samples to 8 bits: linear between two values, rounded, clipped beyond them.</summary>
/// <param name="Low">What becomes 0.</param>
/// <param name="High">What becomes 255; above <paramref name="Low"/>.</param>
internal readonly record struct SampleScale(double Low, double High)
{
    /// <summary>The 8-bit value; 0 for NaN.</summary>
    public byte Of(double sample) => sample >= High ? byte.MaxValue
        : sample > Low ? (byte)((sample - Low) * byte.MaxValue / (High - Low) + 0.5)
        : (byte)0;

    /// <summary>The values of all samples of 16 bits, by their key.</summary>
    public byte[] Table(int first)
    {
        var table = new byte[1 << 16];
        for (int key = 0; key < table.Length; key++) table[key] = Of(key + first);
        return table;
    }
}
