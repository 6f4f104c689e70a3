namespace Swan.MLNet.Imaging;

/// <summary>Selects samples with data: not the no-data value, not masked, and not NaN.</summary>
/// <param name="type">The samples' type.</param>
/// <param name="bits">Bits of a sample as it is stored.</param>
/// <param name="noData">The no-data sample; null without one.</param>
/// <param name="mask">Which pixels have data; null where all have.</param>
internal sealed class SampleFilter(TiffSampleType type, int bits, double? noData, PixelMask? mask)
{
    private readonly (uint Least, uint Most)? _none = noData is { } value ? SampleKeys.Around(type, bits, value) : null;
    private readonly bool _takesAll = mask is null && (noData is null || SampleKeys.Around(type, bits, noData.Value) is null)
        && SampleKeys.IsNumber(type, uint.MaxValue);

    /// <summary>Whether all samples are data, whatever they are.</summary>
    public bool TakesAll => _takesAll;

    /// <summary>Whether a sample is data.</summary>
    public bool Takes(uint key, int x, int y) =>
        _takesAll || !IsNone(key) && SampleKeys.IsNumber(type, key) && (mask is null || mask[x, y]);

    private bool IsNone(uint key) => _none is (uint least, uint most) && key >= least && key <= most;

    /// <summary>Keeps the keys of data, side by side.</summary>
    /// <returns>How many they are.</returns>
    public int Keep(Span<uint> keys, int x, int y)
    {
        if (_takesAll) return keys.Length;
        int kept = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            if (Takes(keys[i], x + i, y)) keys[kept++] = keys[i];
        }
        return kept;
    }
}
