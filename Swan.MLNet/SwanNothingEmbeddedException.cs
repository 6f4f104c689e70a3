namespace Swan.MLNet;

/// <summary>No row of the data could be embedded, so there is no result that would mean anything.</summary>
/// <remarks>
/// Bad rows are skipped or become missing values where that is asked for. If all of them are bad, the folder, the disk or the column is.
/// </remarks>
public sealed class SwanNothingEmbeddedException : SwanException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="rows">How many rows there were; 0 where the data has none.</param>
    /// <param name="message">What was found, with the reasons, and what to do.</param>
    public SwanNothingEmbeddedException(long rows, string message) : base(message) => Rows = rows;

    /// <summary>How many rows there were; 0 where the data has none.</summary>
    public long Rows { get; }
}
