namespace Swan.MLNet.Search;

/// <summary>The owner of a shared living index, who alone closes it: disposing it does nothing for others.</summary>
/// <param name="Type">The owner's type, for <see cref="ObjectDisposedException"/>.</param>
/// <param name="Closed">The message for later uses of the index.</param>
/// <param name="Reports">
/// Whether the owner checks the folder and reports damage in it. Searches then continue with the earlier state, as they do if the folder is
/// gone; otherwise only searches report it.
/// </param>
internal sealed record IndexOwner(string Type, string Closed, bool Reports = false)
{
    /// <summary>The error of an index that its owner has closed.</summary>
    public ObjectDisposedException Error() => new(Type, Closed);
}
