using Microsoft.ML;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;
using Swan.MLNet.Search;

namespace Swan.MLNet.Transforms;

/// <summary>Searches a gallery with each row's embedding and adds the keys and scores of the best matches.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Needs fitting?</term><description>No; <c>Fit</c> only checks the schema.</description></item>
/// <item><term>Input</term><description>Vector&lt;Single, D&gt; of the index's model, of any length but zero.</description></item>
/// <item><term>Output</term><description>Two columns. Keys: Vector&lt;String, K&gt;, best first. Scores: Vector&lt;Single, K&gt;, the
/// cosines, in [-1, 1]. With fewer than K results, the rest are empty texts and NaN; so are all results of a row whose embedding is missing
/// (NaN) or zero.</description></item>
/// <item><term>Batching</term><description>Up to <see cref="SwanSearchOptions.BatchSize"/> rows share each pass over the gallery. The
/// source is read once, and nothing runs unless a column is read.</description></item>
/// <item><term>Exportable to ONNX by ML.NET?</term><description>No: <c>ConvertToOnnx</c> throws. <c>SavePortable</c> writes
/// it.</description></item>
/// </list>
/// The search is exact. Queries known to be from another model than the index are refused. Each batch searches the latest state of a living
/// index.
/// </remarks>
public sealed class SwanSearchEstimator : IEstimator<SwanSearchTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly SearchColumns _columns;
    private readonly SwanSearchOptions _options;

    internal SwanSearchEstimator(
        IHostEnvironment environment, string keysOutputColumnName, string scoresOutputColumnName, string inputColumnName, SwanGallery index,
        SwanSearchOptions? options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(keysOutputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(scoresOutputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        ArgumentNullException.ThrowIfNull(index);
        if (keysOutputColumnName == scoresOutputColumnName)
        {
            throw new ArgumentException(
                $"Keys and scores would both be named '{keysOutputColumnName}', so one would hide the other. "
                + "Give them different names.",
                nameof(scoresOutputColumnName));
        }
        _environment = environment;
        _options = options?.Copy() ?? new SwanSearchOptions();
        _options.Check();
        _options.Filter?.Check(index.Columns);
        _columns = new SearchColumns(keysOutputColumnName, scoresOutputColumnName, inputColumnName, index, _options.K);
    }

    /// <summary>The searched gallery.</summary>
    public SwanGallery Gallery => _columns.Gallery;

    /// <summary>Checks the schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input column is missing, of the wrong type or length, or of another model than the index.
    /// </exception>
    public SwanSearchTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _columns.Find(input.Schema);
        return new SwanSearchTransformer(_environment, _columns, _options.Copy());
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _columns.Check(inputSchema);
        return ColumnShapes.Append(inputSchema, _columns.Added());
    }
}
