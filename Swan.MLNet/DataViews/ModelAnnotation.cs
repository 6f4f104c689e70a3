using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.DataViews;

/// <summary>
/// An embedding column names its model and the range in which its images were read, so an index refuses queries that don't match.
/// </summary>
internal static class ModelAnnotation
{
    // Text: the fingerprint, a space, the name.
    private const string Model = "SwanModel";

    // Text: canonical or reference.
    private const string Variant = "SwanVariant";

    // Text: the range that the caller gave, or that the model's rule holds; not in a column of captions.
    private const string Range = "SwanRange";

    // Text: bands and no data, as the caller gave them; where the range is.
    private const string Samples = "SwanSamples";

    // ML.NET's own: its trainers needn't normalize such a column.
    private const string Normalized = AnnotationUtils.Kinds.IsNormalized;

    /// <summary>The annotations of a column that the model makes.</summary>
    public static DataViewSchema.Annotations Create(ModelIdentity? model, SwanVariant variant, GivenRange? range)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (model is not null) AddText(builder, Model, $"{model.Fingerprint} {model.Name}");
        AddText(builder, Variant, variant == SwanVariant.Reference ? "reference" : "canonical");
        if (range is not null) AddText(builder, Range, range.Text);
        if (range?.Samples is { } samples) AddText(builder, Samples, samples.Text);
        builder.Add(Normalized, BooleanDataViewType.Instance, (ref bool value) => value = true);
        return builder.ToAnnotations();
    }

    /// <summary>The model that made the column, or null when the column doesn't say.</summary>
    public static ModelIdentity? Read(DataViewSchema.Column column)
    {
        string text = ReadText(column, Model);
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return space <= 0 ? null : new ModelIdentity(text[(space + 1)..], text[..space]);
    }

    /// <summary>How the column's images were read, or null when the column doesn't say, such as one of captions.</summary>
    public static GivenRange? ReadRange(DataViewSchema.Column column) =>
        GivenRange.TryParse(ReadText(column, Range), out GivenRange? range)
            ? range! with { Samples = GivenSamples.Parse(ReadText(column, Samples)) }
            : null;

    private static string ReadText(DataViewSchema.Column column, string kind)
    {
        if (column.Annotations.Schema.GetColumnOrNull(kind) is not { Type: TextDataViewType }) return "";
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(kind, ref value);
        return value.ToString();
    }

    private static void AddText(DataViewSchema.Annotations.Builder builder, string kind, string text) =>
        builder.Add(kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text.AsMemory());
}
