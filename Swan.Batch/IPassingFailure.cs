namespace Swan.Batch;

/// <summary>An error that knows whether the same may succeed later.</summary>
internal interface IPassingFailure
{
    /// <summary>Whether it may, or on another machine.</summary>
    bool MayPass { get; }
}
