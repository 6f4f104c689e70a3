namespace Swan.MLNet;

/// <summary>The requested device, or the native library that it needs, is missing.</summary>
public sealed class SwanDeviceException : SwanException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was found, what was expected, what it means and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanDeviceException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
