namespace Swan.MLNet.Imaging;

/// <summary>Who chose the samples that become black and white.</summary>
public enum RangeSource
{
    /// <summary>Nobody: samples of 8 bits need no range.</summary>
    EightBits,

    /// <summary>The caller.</summary>
    Caller,

    /// <summary>The file's tags SMinSampleValue and SMaxSampleValue.</summary>
    Tags,

    /// <summary>The model's rule.</summary>
    Model,

    /// <summary>The kind of picture: 16-bit PNG, inks, and colors multiplied by their alpha use the full range.</summary>
    Format,
}
