namespace Swan.MLNet;

/// <summary>The base of all errors in what the user supplies: files, data, settings or devices.</summary>
/// <remarks>
/// Its message is written for people and needs no stack trace. Programming errors keep .NET's own types, such as
/// <see cref="ArgumentException"/>; schema errors keep ML.NET's.
/// </remarks>
public abstract class SwanException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was found, what was expected, what it means and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    protected SwanException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
