using System.Collections.ObjectModel;
using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>The only state of a <see cref="SwanIndex"/>.</summary>
internal sealed class IndexView : GalleryView
{
    private readonly GallerySearch _search;
    private readonly Lazy<Dictionary<string, int>> _rows;

    public IndexView(EmbeddingBlocks gallery, List<string> keys, ModelIdentity? model, GivenRange? range)
        : this(gallery, new GallerySearch(gallery), keys, new Lazy<Dictionary<string, int>>(() => RowsOf(keys)), model, range)
    {
    }

    private IndexView(
        EmbeddingBlocks gallery, GallerySearch search, List<string> keys, Lazy<Dictionary<string, int>> rows, ModelIdentity? model,
        GivenRange? range)
    {
        (Gallery, _search, Keys, _rows, Model, GivenRange) = (gallery, search, keys, rows, model, range);
    }

    public EmbeddingBlocks Gallery { get; }

    public List<string> Keys { get; }

    public override GallerySearch Search => _search;

    public override ModelIdentity? Model { get; }

    public override GivenRange? GivenRange { get; }

    /// <summary>The same rows, said to be of another model or range.</summary>
    public IndexView For(ModelIdentity? model, GivenRange? range) => new(Gallery, _search, Keys, _rows, model, range);

    // Without columns a filter passes all rows or none.
    public override RowMask? Mask(SwanFilter filter, CancellationToken cancellation)
    {
        filter.Check([]);
        return FilterPlan.Evaluate(filter, ReadOnlyDictionary<string, ColumnData>.Empty, rows: 1, cancellation)[0] ? null : NoRows.Mask;
    }

    public override string KeyOf(int row) => Keys[row];

    public override bool TryFind(string key, out int row) => _rows.Value.TryGetValue(key, out row);

    public override IReadOnlyDictionary<string, object?> ValuesOf(int row) => ReadOnlyDictionary<string, object?>.Empty;

    private static Dictionary<string, int> RowsOf(List<string> keys)
    {
        var rows = new Dictionary<string, int>(keys.Count, StringComparer.Ordinal);
        for (int row = 0; row < keys.Count; row++) rows.TryAdd(keys[row], row);
        return rows;
    }

    private sealed class NoRows : RowMask
    {
        public static readonly NoRows Mask = new();

        public override int Count => 0;

        public override ReadOnlySpan<ulong> Block(int block) => [];
    }
}
