namespace Swan.MLNet;

/// <summary>A row of a data view can't be used.</summary>
public sealed class SwanRowException : SwanException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="row">The row's position, from 0; null for a prediction engine's row, or for the data as a whole.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="message">What was found, what was expected and what to do; names row and column.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanRowException(long? row, string column, string message, Exception? innerException = null)
        : base(message, innerException) => (Row, Column) = (row, column);

    /// <summary>The row's position, from 0; null for a prediction engine's row, or for the data as a whole.</summary>
    public long? Row { get; }

    /// <summary>The column's name.</summary>
    public string Column { get; }
}
