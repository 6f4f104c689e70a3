namespace Swan.MLNet.Metadata;

/// <summary>A filter can't be used: its text has an error, a column is unknown or has another type, or it has too many parts.</summary>
/// <remarks>The filter's author can correct it. A web application answers with status 400.</remarks>
public sealed class SwanFilterException : SwanException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was found, what was expected, what it means and what to do.</param>
    /// <param name="position">The place in the filter's text, in UTF-16 code units from 0; null if the filter had no text.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanFilterException(string message, int? position = null, Exception? innerException = null) : base(message, innerException) =>
        Position = position;

    /// <summary>The place in the filter's text, in UTF-16 code units from 0; null if the filter had no text.</summary>
    public int? Position { get; }
}
