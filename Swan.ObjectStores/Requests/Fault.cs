using Swan.Batch.Stores;

namespace Swan.ObjectStores.Requests;

/// <summary>Why an attempt failed.</summary>
/// <param name="Failure">Its kind.</param>
/// <param name="Found">What was found, as words without a subject, such as <c>503 SlowDown</c>.</param>
/// <param name="Advice">What it means and what to do, as sentences; null: what the kind says.</param>
/// <param name="Cause">The error, unless a service's own, whose texts may hold signatures.</param>
internal sealed record Fault(StoreFailure Failure, string Found, string? Advice = null, Exception? Cause = null)
{
    /// <summary>Whether another attempt may succeed.</summary>
    public bool IsWorthAnotherAttempt => Failure is StoreFailure.Throttled or StoreFailure.Unavailable or StoreFailure.Unreachable
        or StoreFailure.Broken or StoreFailure.TimedOut;

    /// <summary>What it means and what to do.</summary>
    public string Meaning => Advice ?? Failure switch
    {
        StoreFailure.Denied => "This user may not do that. Check the permissions of the credentials in use, and the store's rules.",
        StoreFailure.NoCredentials => "There are no credentials. Set them up as for the store's own tools.",
        StoreFailure.NoContainer => "The store is not there. Check the address.",
        StoreFailure.Clock => "This machine's clock is wrong, but signed requests are valid only for minutes. Set the clock.",
        StoreFailure.NotSupported => "The store can't do this. Use a newer version of it, or another store.",
        StoreFailure.Throttled => "The store gets more requests than it accepts. Start fewer processes at once, or try again later.",
        StoreFailure.Unavailable => "The store can't answer for now. Try again later.",
        StoreFailure.Unreachable => "There is no connection to it. Check the address and the network, and try again.",
        StoreFailure.Broken => "The connection broke off. Try again later.",
        StoreFailure.TimedOut => "The store, or the way to it, is too slow. Try again later, or allow more time "
            + "(in code: ObjectStoreOptions.StallTimeout and Timeout).",
        StoreFailure.Changed => "It was replaced while it was read, so the bytes read are not one object. Read it again.",
        _ => "Check the address, and whether it matches the kind of the store.",
    };
}
