namespace Swan.Batch.Stores;

/// <summary>An object in a store, as a listing or a read reports it.</summary>
/// <param name="Key">Its name below the store's address, with <c>/</c> between folders and none before.</param>
/// <param name="Size">In bytes; -1 for a file of a web server that doesn't report it.</param>
/// <param name="Stamp">Changes when the content does, such as <c>etag:"…"</c> or <c>time:…</c>; compared, never read.</param>
public sealed record StoredObject(string Key, long Size, string Stamp)
{
    /// <summary>The prefix of stamps that differ at each look, because the server reports no version.</summary>
    internal const string Unsure = "unsure:";
}
