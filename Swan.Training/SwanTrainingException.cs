namespace Swan.Training;

/// <summary>Training can't go on, such as when the loss is no longer a number.</summary>
public sealed class SwanTrainingException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What happened, what it means and what to do.</param>
    public SwanTrainingException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What happened, what it means and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public SwanTrainingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
