using Swan.MLNet;

namespace Swan.Geo.Coordinates;

/// <summary>A place on the earth can't be determined.</summary>
/// <remarks>The message says for what, and why.</remarks>
public sealed class SwanGeoreferenceException : SwanException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was found, what was expected, what it means and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanGeoreferenceException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
