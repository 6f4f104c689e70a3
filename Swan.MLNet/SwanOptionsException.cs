namespace Swan.MLNet;

/// <summary>Options from a file, a command line or the environment can't be used; the message names every wrong one.</summary>
public sealed class SwanOptionsException : SwanException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was found, what was expected, what it means and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanOptionsException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
