namespace Swan.MLNet.ModelFiles;

/// <summary>Entries in memory, from an exporter, a stream or a saved pipeline.</summary>
internal sealed class EntriesInMemory(IReadOnlyDictionary<string, byte[]> contents) : ModelEntries
{
    private readonly string[] _names = [.. contents.Keys];
    private IReadOnlyDictionary<string, byte[]>? _contents = contents;

    public override bool CanChange => false;

    public override bool Has(string entry) => _names.Contains(entry);

    public override byte[] Read(string entry) => (_contents ?? throw new InvalidOperationException(
        "A prediction engine pool loaded this pipeline and released its model's bytes. To save the pipeline, load it without the "
        + "pool."))[entry];

    public override void Release() => _contents = null;
}
