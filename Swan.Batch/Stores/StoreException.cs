namespace Swan.Batch.Stores;

/// <summary>A store that can't be read or written.</summary>
/// <param name="message">What was found and where, what it means and what to do; nothing secret.</param>
/// <param name="failure">Its kind.</param>
/// <param name="innerException">The cause, if it holds nothing secret.</param>
internal sealed class StoreException(string message, StoreFailure failure, Exception? innerException = null)
    : IOException(message, innerException), IPassingFailure
{
    public StoreFailure Failure { get; } = failure;

    /// <summary>Whether the same may succeed later, or on another machine.</summary>
    public bool MayPass => Failure is not (StoreFailure.Key or StoreFailure.Denied or StoreFailure.NoCredentials or StoreFailure.NoContainer
        or StoreFailure.WrongRegion or StoreFailure.NotSupported or StoreFailure.Damaged);
}
