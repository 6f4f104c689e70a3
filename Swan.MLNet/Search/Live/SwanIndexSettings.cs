using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Search;

/// <summary>What a new <see cref="SwanLiveIndex"/> holds.</summary>
/// <remarks>Not thread-safe while it is changed; <see cref="SwanLiveIndex.Create"/> reads it once.</remarks>
public sealed class SwanIndexSettings
{
    /// <summary>Settings for embeddings of a length.</summary>
    /// <param name="embeddingSize">D, 1 to 65,536.</param>
    public SwanIndexSettings(int embeddingSize) => EmbeddingSize = embeddingSize;

    /// <summary>D, the length of every embedding.</summary>
    public int EmbeddingSize { get; }

    /// <summary>
    /// The model that makes the embeddings, such as <c>model.Card.Identity</c>; queries of another one are refused. Default null: unknown.
    /// </summary>
    public ModelIdentity? Model { get; set; }

    /// <summary>
    /// The range in which the images' samples are read; images of another one are refused. Default null: the model's own, or unknown.
    /// </summary>
    public SampleRange? Range { get; set; }

    /// <summary>The columns beside the embedding. Default none; more can be added at any time.</summary>
    public IReadOnlyList<SwanColumn> Columns { get; set; } = [];

    /// <summary>What a search reads. Default <see cref="SwanIndexScan.Float32"/>. The results are the same.</summary>
    public SwanIndexScan Scan { get; set; }

    internal GivenRange? GivenRange { get; set; }

    /// <summary>Settings for the rows of an index: its embedding size, model and range.</summary>
    /// <param name="index">An index whose rows will be added, by <see cref="SwanIndexWriter.Import(SwanIndex, SwanDuplicateKeys,
    /// IProgress{SwanIndexProgress}?, CancellationToken)"/>.</param>
    public static SwanIndexSettings For(SwanIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        return new SwanIndexSettings(index.EmbeddingSize) { Model = index.Model, Range = index.Range, GivenRange = index.GivenRange };
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
        if (faults.Count > 0)
            throw new ArgumentException($"The settings of the index are not valid: {string.Join("; ", faults)}.", "settings");
        return ManifestShape.Rows(
            EmbeddingSize, Model, GivenRange ?? (Range is null ? null : new GivenRange(Range)),
            Scan == SwanIndexScan.Int8 ? IndexManifestRules.Int8 : IndexManifestRules.Float32);
    }
}
