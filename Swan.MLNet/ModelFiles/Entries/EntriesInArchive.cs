using System.Collections.Frozen;

namespace Swan.MLNet.ModelFiles;

/// <summary>Entries that stay in their archive and are read when they are asked for, each time anew.</summary>
/// <remarks>
/// An open encoder needs none of its graph's bytes, and a model that only embeds captions never reads the image tower. What is read may
/// differ from what was there before, so whoever reads compares it with the card's hash.
/// </remarks>
internal sealed class EntriesInArchive : ModelEntries
{
    private readonly Func<Stream> _open;
    private readonly string _name;
    private readonly FrozenSet<string> _entries;

    /// <param name="open">Opens the archive, seekable, from its beginning; on any thread.</param>
    /// <param name="name">The model file's name, for messages.</param>
    /// <exception cref="SwanFormatException">It isn't a model file.</exception>
    public EntriesInArchive(Func<Stream> open, string name)
    {
        (_open, _name) = (open, name);
        using Stream stream = open();
        _entries = FrozenSet.ToFrozenSet(ModelArchive.List(stream, name), StringComparer.Ordinal);
    }

    public override bool CanChange => true;

    public override bool Has(string entry) => _entries.Contains(entry);

    public override byte[] Read(string entry)
    {
        using Stream stream = _open();
        return ModelArchive.Read(stream, entry, _name);
    }
}
