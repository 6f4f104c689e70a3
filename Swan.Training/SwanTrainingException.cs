using Swan.MLNet;

namespace Swan.Training;

/// <summary>Training, export or a run's folder can't go on, such as when the loss is no longer a number.</summary>
public sealed class SwanTrainingException : SwanException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What happened, what it means and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanTrainingException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
