using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Search;

/// <summary>The settings of a new <see cref="SwanLiveIndex"/>.</summary>
/// <remarks>Not thread-safe while it is changed; <see cref="SwanLiveIndex.Create"/> reads it once.</remarks>
public sealed class SwanIndexSettings
{
    private SampleRange? _range;
    private IReadOnlyList<int>? _bands;
    private double? _noData;

    /// <summary>Settings for embeddings of a length.</summary>
    /// <param name="embeddingSize">D, 1 to 65,536.</param>
    public SwanIndexSettings(int embeddingSize) => EmbeddingSize = embeddingSize;

    /// <summary>D, the length of every embedding.</summary>
    public int EmbeddingSize { get; }

    /// <summary>
    /// The model that makes the embeddings, such as <c>model.Card.Identity</c>; queries of other models are refused (default null:
    /// unknown).
    /// </summary>
    public ModelIdentity? Model { get; set; }

    /// <summary>
    /// The range in which the images' samples are read; images of other ranges are refused (default null: the model's own, or unknown).
    /// </summary>
    public SampleRange? Range
    {
        get => _range;
        set => (_range, GivenRange) = (value, null);
    }

    /// <summary>The TIFF bands that images are read from, counted from 1; images of other bands are refused.</summary>
    /// <remarks>Default null: those that the files mark, or unknown if <see cref="NoData"/> is also null.</remarks>
    public IReadOnlyList<int>? Bands
    {
        get => _bands;
        set => (_bands, GivenRange) = (value, null);
    }

    /// <summary>The TIFF sample that means no data, a number or NaN; images with another one are refused.</summary>
    /// <remarks>Default null: that of the files, or unknown if <see cref="Bands"/> is also null.</remarks>
    public double? NoData
    {
        get => _noData;
        set => (_noData, GivenRange) = (value, null);
    }

    /// <summary>The columns beside the embedding.</summary>
    /// <remarks>Default none; more can be added at any time.</remarks>
    public IReadOnlyList<SwanColumn> Columns { get; set; } = [];

    /// <summary>The data that a search reads (default <see cref="SwanIndexScan.Float32"/>).</summary>
    /// <remarks>The results are the same.</remarks>
    public SwanIndexScan Scan { get; set; }

    /// <summary>All of that, where it is known from rows; what is set after it takes its place.</summary>
    internal GivenRange? GivenRange { get; set; }

    /// <summary>How images are read; null: unknown.</summary>
    internal GivenRange? HowRead => GivenRange ?? GivenRange.Said(Range, Bands, NoData);

    /// <summary>Settings for the rows of an index: its embedding size, model, range, bands and no data.</summary>
    /// <param name="index">An index whose rows will be added with <see cref="SwanIndexWriter.Import(SwanIndex, SwanDuplicateKeys,
    /// IProgress{SwanIndexProgress}?, CancellationToken)"/>.</param>
    public static SwanIndexSettings For(SwanIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        return new SwanIndexSettings(index.EmbeddingSize)
        {
            Model = index.Model, Range = index.Range, Bands = index.Bands, NoData = index.NoData, GivenRange = index.GivenRange,
        };
    }

    /// <summary>Reports all that is wrong at once.</summary>
    internal ManifestRows ToRows()
    {
        var faults = new List<string>();
        if (EmbeddingSize is < 1 or > SegmentTable.MaxStride)
            faults.Add($"{nameof(EmbeddingSize)} is {EmbeddingSize:N0}; expected 1 to {SegmentTable.MaxStride:N0}");
        if (!Enum.IsDefined(Scan)) faults.Add($"{nameof(Scan)} is {(int)Scan}; expected {nameof(SwanIndexScan)}.Float32 or Int8");
        if (Columns is null) faults.Add($"{nameof(Columns)} is null; expected a list, which may be empty");
        else if (Columns.Any(column => column is null)) faults.Add($"one of {nameof(Columns)} is null");
        else if (Columns.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            faults.Add($"{nameof(Columns)} has '{twice.Key}' twice");
        faults.AddRange(ImageDecodingOptions.Faults(Bands, NoData, ImageDecodingOptions.Default.MinValidShare));
        if (faults.Count > 0)
            throw new ArgumentException($"The settings of the index are not valid: {string.Join("; ", faults)}.", "settings");
        return ManifestShape.Rows(
            EmbeddingSize, Model, HowRead, Scan == SwanIndexScan.Int8 ? IndexManifestRules.Int8 : IndexManifestRules.Float32);
    }
}
