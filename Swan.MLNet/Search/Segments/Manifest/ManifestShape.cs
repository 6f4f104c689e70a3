using System.Globalization;
using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Search;

/// <summary>Between what a manifest says and what the index is asked.</summary>
internal static class ManifestShape
{
    /// <summary>Rows of which there are none yet.</summary>
    public static ManifestRows Rows(int embeddingSize, ModelIdentity? model, GivenRange? range, string scan) => new()
    {
        EmbeddingSize = embeddingSize, Stride = SegmentBuilder.Stride(embeddingSize), Scan = scan, Segments = [], Range = range?.Text,
        Model = model is null ? null : new ManifestModel(model.Name, model.Fingerprint),
        Samples = range?.Samples is { } samples ? new ManifestSamples { Bands = samples.BandsText, NoData = samples.NoDataText } : null,
    };

    public static ModelIdentity? Model(ManifestRows rows) =>
        rows.Model is { } model ? new ModelIdentity(model.Name, model.Fingerprint) : null;

    public static GivenRange? Range(ManifestRows rows) =>
        rows.Range is { } text && GivenRange.TryParse(text, out GivenRange? range)
            ? range! with { Samples = rows.Samples is { } given ? GivenSamples.Parse(given.Bands, given.NoData) : null }
            : null;

    public static ManifestColumn Column(SwanColumn column) => new(column.Name, Names[column.Type]);

    /// <exception cref="SwanFormatException">A column's name or type is none.</exception>
    public static SwanColumn[] Columns(IndexManifest manifest, IndexFolder folder)
    {
        var columns = new SwanColumn[manifest.Columns.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            ManifestColumn column = manifest.Columns[i];
            try
            {
                columns[i] = new SwanColumn(column.Name, Names.First(type => type.Value == column.Type).Key);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                throw IndexDamage.Error(
                    folder, "manifest.json", $"has a column '{column.Name}' of type '{column.Type}', which this version doesn't know", e);
            }
        }
        return columns;
    }

    private static readonly Dictionary<SwanColumnType, string> Names =
        Enum.GetValues<SwanColumnType>().ToDictionary(type => type, type => type.ToString().ToLower(CultureInfo.InvariantCulture));
}
