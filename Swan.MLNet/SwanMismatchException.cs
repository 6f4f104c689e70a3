namespace Swan.MLNet;

/// <summary>Two valid things don't belong together, such as a model and the embeddings of another model.</summary>
/// <remarks>Also thrown for weights of another network, for a teacher unsuited to a run, and for a run resumed with other data or
/// options.</remarks>
public sealed class SwanMismatchException : SwanException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was found, what was expected, what it means and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanMismatchException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
