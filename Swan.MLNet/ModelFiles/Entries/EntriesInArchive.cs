using System.Collections.Frozen;

namespace Swan.MLNet.ModelFiles;

/// <summary>Entries that stay in their archive and are read anew at each request.</summary>
/// <remarks>
/// An open encoder no longer needs its graph's bytes, and a model that embeds only captions never reads the image tower. The bytes may have
/// changed since an earlier read, so the caller compares them with the card's hash.
/// </remarks>
internal sealed class EntriesInArchive : ModelEntries
{
    private readonly Func<Stream> _open;
    private readonly Func<IDisposable> _keep;
    private readonly string _name;
    private readonly FrozenSet<string> _entries;

    /// <param name="open">Opens the archive, seekable, from its beginning; on any thread.</param>
    /// <param name="keep">Makes <paramref name="open"/> return the same archive until the result is disposed.</param>
    /// <param name="name">The model file's name, for messages.</param>
    /// <exception cref="SwanFormatException">It isn't a model file.</exception>
    public EntriesInArchive(Func<Stream> open, Func<IDisposable> keep, string name)
    {
        (_open, _keep, _name) = (open, keep, name);
        using Stream stream = open();
        _entries = FrozenSet.ToFrozenSet(ModelArchive.List(stream, name), StringComparer.Ordinal);
    }

    public override bool CanChange => true;

    public override bool Has(string entry) => _entries.Contains(entry);

    public override byte[] Read(string entry)
    {
        try
        {
            using Stream stream = _open();
            return ModelArchive.Read(stream, entry, _name);
        }
        catch (SwanFormatException e)
        {
            // It was a model file when it was opened.
            throw new SwanFormatException($"'{entry}' of '{_name}' can't be read. {e.Message} {Overwritten}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The system's code tells callers whose fault it is.
            throw new IOException(
                $"'{entry}' of the model file '{_name}' can't be read now: {e.Message} A model's entries are read when first used or "
                + "saved. Keep the file readable in its place until then, or open the model again from its new place.",
                e) { HResult = e.HResult };
        }
    }

    public override IDisposable Keep() => _keep();
}
