namespace Swan.MLNet;

/// <summary>A model, vocabulary or index can't be used: it is damaged, or follows a contract that this version doesn't implement.</summary>
public sealed class SwanFormatException : SwanException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was found, what was expected, what it means and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanFormatException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
