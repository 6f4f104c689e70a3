namespace Swan.Training;

/// <summary>Another process trains in the run's folder: the same call can work once it has ended.</summary>
internal sealed class RunInUseException(string message, Exception inner) : IOException(message, inner);
