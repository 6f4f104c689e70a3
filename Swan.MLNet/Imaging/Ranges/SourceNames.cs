namespace Swan.MLNet.Imaging;

/// <summary>The sources of bands and ranges, in words.</summary>
internal static class SourceNames
{
    public static string Text(this BandSource source) => source switch
    {
        BandSource.File => "marked by the file",
        BandSource.First => "the first three",
        BandSource.Caller => "as requested",
        _ => "by the format",
    };

    public static string Text(this RangeSource source) => source switch
    {
        RangeSource.EightBits => "8 bits",
        RangeSource.Caller => "as requested",
        RangeSource.Tags => "the file's tags",
        RangeSource.Model => "the model's rule",
        _ => "the whole range, by the format",
    };
}
