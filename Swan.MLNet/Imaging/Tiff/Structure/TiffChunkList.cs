namespace Swan.MLNet.Imaging;

/// <summary>Where a TIFF's strips or tiles lie, read as far as it is asked for: large scenes have millions.</summary>
internal sealed class TiffChunkList
{
    private const int Page = 1024;

    private readonly TiffDirectory _directory;
    private readonly int _offsetTag;
    private readonly int _sizeTag;
    private long _page = -1;
    private long[] _offsets = [];
    private long[] _sizes = [];

    public TiffChunkList(TiffDirectory directory)
    {
        _directory = directory;
        // Some writers list tiles as strips, or the other way round.
        _offsetTag = directory.Has(TiffTags.TileOffsets) ? TiffTags.TileOffsets : TiffTags.StripOffsets;
        _sizeTag = directory.Has(TiffTags.TileByteCounts) ? TiffTags.TileByteCounts : TiffTags.StripByteCounts;
    }

    /// <summary>How many are listed.</summary>
    public long Count => _directory.Count(_offsetTag);

    /// <summary>Where one begins, and its bytes, null where the file doesn't say how many.</summary>
    public (long Offset, long? Size) this[long index]
    {
        get
        {
            if (index / Page != _page)
            {
                long first = index / Page * Page;
                _offsets = _directory.Numbers(_offsetTag, first, Page);
                _sizes = _directory.Numbers(_sizeTag, first, Page);
                _page = index / Page;
            }
            int at = (int)(index % Page);
            if (at >= _offsets.Length)
            {
                throw SwanImageException.Corrupt(_directory.Name,
                    $"the offset of its tile or strip {index} is missing or not a whole number");
            }
            return (_offsets[at], at < _sizes.Length ? _sizes[at] : null);
        }
    }
}
