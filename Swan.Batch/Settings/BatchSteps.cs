using Microsoft.ML;

namespace Swan.Batch;

/// <summary>Steps of an ML.NET pipeline that a batch job runs after the embedding, and the columns to write.</summary>
/// <remarks>
/// The steps get one row per image, with the columns <c>row</c> (Int64, its number in the run), <c>image</c> (text, its key),
/// <c>hash</c> (text, SHA-256 of its bytes),
/// <c>embedding</c> (Vector&lt;Single, D&gt;) and <c>error</c> (text). In a bad row <c>error</c> says why, and all values of
/// <c>embedding</c> are NaN; its results are not written. The steps must return as many rows as they get, in the same order.
/// <example>
/// A classifier over embeddings, trained elsewhere:
/// <code>
/// var steps = new BatchSteps
/// {
///     Version = "roofs-3",
///     Create = _ => mlContext.Model.Load("roofs-3.zip", out DataViewSchema _),
///     Columns = ["embedding", "PredictedLabel"],
/// };
/// </code>
/// </example>
/// </remarks>
public sealed class BatchSteps
{
    internal const string RowColumn = "row", ImageColumn = "image", HashColumn = "hash";
    internal const string EmbeddingColumn = "embedding", ErrorColumn = "error";

    /// <summary>Identifies the steps, in your own words; required.</summary>
    /// <remarks>
    /// The job stores it, and a job with another version can't continue with the existing rows: change it whenever the steps
    /// change.
    /// </remarks>
    public string Version { get; set; } = "";

    /// <summary>Creates the steps; required.</summary>
    /// <remarks>
    /// It gets a view with the columns but without rows, for <c>estimator.Fit(view)</c>. The job disposes the result.
    /// </remarks>
    public Func<IDataView, ITransformer>? Create { get; set; }

    /// <summary>The columns that are written after <c>row</c>, <c>image</c> and <c>hash</c>, under their own names.</summary>
    /// <remarks>
    /// Types: text, Boolean, Int32, Int64, Single, Double, or vectors of Single of a fixed size. Default: <c>embedding</c>, alone.
    /// </remarks>
    public IReadOnlyList<string> Columns { get; set; } = [EmbeddingColumn];

    internal BatchSteps Copy() => new() { Version = Version, Create = Create, Columns = [.. Columns] };

    internal IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Version))
            yield return $"{nameof(Version)} of the steps is empty; expected a text that changes when the steps do";
        if (Create is null) yield return $"{nameof(Create)} of the steps is null; expected a function that makes them";
        if (Columns is not { Count: > 0 }) yield return $"{nameof(Columns)} of the steps is empty; expected at least one column";
        foreach (IGrouping<string, string> same in (Columns ?? []).GroupBy(c => c, StringComparer.Ordinal))
        {
            if (same.Count() > 1) yield return $"{nameof(Columns)} of the steps has '{same.Key}' more than once";
            if (same.Key is RowColumn or ImageColumn or HashColumn)
                yield return $"{nameof(Columns)} of the steps has '{same.Key}', which is always written; expected other columns";
        }
    }
}
