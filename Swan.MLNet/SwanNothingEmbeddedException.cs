namespace Swan.MLNet;

/// <summary>No row of the data could be embedded, so the result would be meaningless.</summary>
/// <remarks>
/// Bad rows can be skipped or become missing values on request. If every row is bad, the fault lies in the folder, the disk or the column.
/// </remarks>
public sealed class SwanNothingEmbeddedException : SwanException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="rows">The number of rows; 0 if the data has none.</param>
    /// <param name="message">What was found, with the reasons, and what to do.</param>
    public SwanNothingEmbeddedException(long rows, string message) : base(message) => Rows = rows;

    /// <summary>The number of rows; 0 if the data has none.</summary>
    public long Rows { get; }
}
