using System.Text.Json.Serialization;
using Swan.MLNet.Metadata;

namespace Swan.MLNet.Transforms;

/// <summary>Options of a SWAN search.</summary>
/// <remarks>They can be written as JSON and read back.</remarks>
public sealed class SwanSearchOptions
{
    /// <summary>Results per row, 1 to 10,000: the length of both added columns (default 10).</summary>
    public int K { get; set; } = 10;

    /// <summary>Rows searched together, 1 to 4096 (default 64).</summary>
    /// <remarks>
    /// They share passes over the gallery, so more are faster per row, up to about 100. A batch is complete before its first row is
    /// delivered. For a live source, 1 keeps a row from waiting for later ones.
    /// </remarks>
    public int BatchSize { get; set; } = 64;

    /// <summary>Which rows may be found, by the index's columns (default null: all).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SwanFilter? Filter { get; set; }

    /// <summary>How a saved pipeline stores a living index (default <see cref="SwanIndexSaving.Reference"/>).</summary>
    /// <remarks>An index in memory is always saved with the pipeline.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public SwanIndexSaving Saving { get; set; }

    /// <summary>Cancels a running pass: the next row throws <see cref="OperationCanceledException"/> (default none).</summary>
    /// <remarks>A running search ends within milliseconds, or at the end of a pass that it shares with other searches. Not saved.</remarks>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    internal SwanSearchOptions Copy() => (SwanSearchOptions)MemberwiseClone();

    /// <summary>Reports all that is wrong at once.</summary>
    internal void Check()
    {
        var faults = new List<string>();
        if (K is < 1 or > 10_000) faults.Add($"{nameof(K)} is {K}; expected 1 to 10000");
        if (BatchSize is < 1 or > 4096) faults.Add($"{nameof(BatchSize)} is {BatchSize}; expected 1 to 4096");
        if (!Enum.IsDefined(Saving)) faults.Add($"{nameof(Saving)} is {(int)Saving}; expected {nameof(SwanIndexSaving)}.Reference or Copy");
        if (faults.Count > 0)
            throw new ArgumentOutOfRangeException("options", $"The options of the SWAN search are not valid: {string.Join("; ", faults)}.");
    }
}
