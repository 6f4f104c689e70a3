namespace Swan.MLNet.Imaging;

/// <summary>Maps samples of more than 8 bits to 8 bits, and records the reason for its range.</summary>
/// <param name="Source">Who chose the range.</param>
/// <param name="Scale">The samples that become black and white.</param>
internal sealed record SampleMap(RangeSource Source, SampleScale Scale)
{
    private const int AllOfSixteen = ushort.MaxValue;
    private readonly byte[]? _table;

    /// <summary>The percentiles of the range; null without any.</summary>
    public SampleRange? Percentiles { get; init; }

    /// <summary>Columns of the overview that gave them; null if the image gave them.</summary>
    public int? OverviewWidth { get; init; }

    /// <summary>Whether the full range was used unasked, so a picture may turn out nearly black.</summary>
    public bool IsAssumed { get; private init; }

    /// <summary>A table of the 8-bit values by key, where keys have 16 bits; null where they have more.</summary>
    public byte[]? Table { get => _table; private init => _table = value; }

    /// <summary>Chooses the range: the caller's, the file's, the model's.</summary>
    /// <param name="data">A TIFF whose samples are not of 8 bits.</param>
    /// <param name="measure">Finds percentiles; null for <see cref="SampleStatistics"/>.</param>
    /// <exception cref="SwanImageException">It has no data, or its brightness is unknown.</exception>
    public static SampleMap Choose(TiffData data, MeasurePercentiles? measure = null)
    {
        if (Said(data) is { } said) return said;
        SampleRange rule = data.Options.Range ?? data.Options.Rule;
        RangeSource source = data.Options.Range is null ? RangeSource.Model : RangeSource.Caller;
        return rule.IsPercentile ? Measured(data, rule, source, measure ?? SampleStatistics.Measure) : Whole(data.Fields, source,
            data.Name);
    }

    /// <summary>The same for pictures whose kind implies the full range of the samples.</summary>
    /// <param name="data">A TIFF of unsigned samples of 9 to 16 bits.</param>
    public static SampleMap Settled(TiffData data) =>
        Said(data) ?? Whole(data.Fields, data.Options.Range == SampleRange.Full ? RangeSource.Caller : RangeSource.Format, data.Name);

    // Two values: the caller's, or where the caller has no wish at all, the file's.
    private static SampleMap? Said(TiffData data) => data.Options.Range is { } asked
        ? asked.IsValues ? Between(asked.Low, asked.High, data.Fields, RangeSource.Caller) : null
        : data.Fields.SampleRange(data.Bands.Taken) is (double low, double high) ? Between(low, high, data.Fields, RangeSource.Tags)
        : null;

    /// <summary>The whole range of unsigned samples of up to 16 bits: their high 8 bits.</summary>
    /// <exception cref="SwanImageException">They are others.</exception>
    public static SampleMap Whole(TiffFields fields, RangeSource source, string name)
    {
        if (fields.SampleType != TiffSampleType.UInt16)
        {
            throw new SwanImageException(name, ImageFault.Unsupported,
                $"its samples are {fields.SampleType}, whose full range is too wide to show anything. {HowToSay}");
        }
        int most = (1 << fields.Bits) - 1, shift = fields.Bits - 8;
        var table = new byte[1 << 16];
        for (int key = 0; key < table.Length; key++) table[key] = (byte)(Math.Min(key, most) >> shift);
        return new(source, new(0, most)) { Table = table, IsAssumed = source != RangeSource.Caller && fields.Bits == 16 };
    }

    /// <summary>The remedy for a missing range.</summary>
    internal const string HowToSay = "Set the black and white samples: --range \"values LOW HIGH\", Range in the options, or the TIFF's "
        + "tags SMinSampleValue and SMaxSampleValue.";

    /// <summary>The 8-bit value of a key.</summary>
    public byte Of(TiffSampleType type, uint key) => _table is { } table ? table[key] : Scale.Of(SampleKeys.Sample(type, key));

    private static SampleMap Between(double low, double high, TiffFields fields, RangeSource source)
    {
        // A file that says the whole range of 16 bits is what one without tags was: its high bytes.
        if (source == RangeSource.Tags && fields is { SampleType: TiffSampleType.UInt16, Bits: 16 } && (low, high) == (0, AllOfSixteen))
            return Whole(fields, source, "") with { IsAssumed = false };
        var scale = new SampleScale(low, high);
        return new(source, scale)
        {
            Table = SampleKeys.Bits(fields.SampleType) == 16 ? scale.Table(SampleKeys.First(fields.SampleType)) : null,
        };
    }

    private static SampleMap Measured(TiffData data, SampleRange rule, RangeSource source, MeasurePercentiles measure)
    {
        ((double, double)? samples, TiffImage image) = measure(data, rule);
        if (samples is not (double low, double high))
        {
            throw new SwanImageException(
                data.Name, ImageFault.NoData, $"none of its samples are data because {data.Causes()}. {data.WhatToDo("Leave it out")}.");
        }
        if (low == high)
        {
            throw new SwanImageException(data.Name, ImageFault.Unsupported, FormattableString.Invariant(
                $"all its samples with data are {low}, so their brightness is unknown. {HowToSay}"));
        }
        return Between(low, high, data.Fields, source) with
        {
            Percentiles = rule,
            OverviewWidth = ReferenceEquals(image, data.Image) ? null : image.Fields.Width,
        };
    }
}

/// <summary>Finds the samples at two percentiles of a TIFF's data; null without any.</summary>
internal delegate ((double Low, double High)? Samples, TiffImage Source) MeasurePercentiles(TiffData data, SampleRange percentiles);
