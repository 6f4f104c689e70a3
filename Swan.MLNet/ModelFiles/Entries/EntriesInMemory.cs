namespace Swan.MLNet.ModelFiles;

/// <summary>Entries that somebody gave: an exporter, a stream, a saved pipeline.</summary>
internal sealed class EntriesInMemory(IReadOnlyDictionary<string, byte[]> contents) : ModelEntries
{
    public override bool CanChange => false;

    public override bool Has(string entry) => contents.ContainsKey(entry);

    public override byte[] Read(string entry) => contents[entry];
}
