using Swan.MLNet;

namespace Swan.Training;

/// <summary>Training or export can't continue, or a run's folder can't be used, such as when the loss is not a number.</summary>
public sealed class SwanTrainingException : SwanException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What happened, what it means and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanTrainingException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
