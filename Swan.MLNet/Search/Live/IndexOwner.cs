namespace Swan.MLNet.Search;

/// <summary>Who alone closes a living index that others are handed: disposing it does nothing for them.</summary>
/// <param name="Type">The owner's type, for <see cref="ObjectDisposedException"/>.</param>
/// <param name="Closed">What is said to somebody who asks the index after that.</param>
/// <param name="Reports">
/// Whether the owner looks at the folder and reports what is damaged in it. Searches then go on with the state before, as they do where
/// the folder is gone; otherwise they are the only ones to say so.
/// </param>
internal sealed record IndexOwner(string Type, string Closed, bool Reports = false)
{
    /// <summary>The error of an index that its owner has closed.</summary>
    public ObjectDisposedException Error() => new(Type, Closed);
}
