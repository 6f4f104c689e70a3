namespace Swan.Batch.Stores;

/// <summary>What kind of failure a store had.</summary>
internal enum StoreFailure
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>A key that is no object's name, or leads out of the store.</summary>
    Key,

    /// <summary>The user may not do that, or is not who the store knows.</summary>
    Denied,

    /// <summary>The user was known for a limited time.</summary>
    Expired,

    /// <summary>Nothing says who the user is.</summary>
    NoCredentials,

    /// <summary>The bucket, container or folder is not there.</summary>
    NoContainer,

    /// <summary>The bucket is in another region.</summary>
    WrongRegion,

    /// <summary>This machine's clock is wrong.</summary>
    Clock,

    /// <summary>The store can't do what is asked.</summary>
    NotSupported,

    /// <summary>Too many requests.</summary>
    Throttled,

    /// <summary>The store says that it can't for now.</summary>
    Unavailable,

    /// <summary>No connection.</summary>
    Unreachable,

    /// <summary>A connection or body that broke off.</summary>
    Broken,

    /// <summary>No answer, or no bytes, for too long.</summary>
    TimedOut,

    /// <summary>The object was replaced while it was read.</summary>
    Changed,

    /// <summary>What is there is not what was written.</summary>
    Damaged,
}
