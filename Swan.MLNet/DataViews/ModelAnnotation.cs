using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.DataViews;

/// <summary>An embedding column says which model made it, so that an index and queries of different models refuse each other.</summary>
internal static class ModelAnnotation
{
    // Text: the fingerprint, a space, the name.
    private const string Model = "SwanModel";

    // Text: canonical or reference.
    private const string Variant = "SwanVariant";

    // ML.NET's own; its trainers needn't normalize what is.
    private const string Normalized = AnnotationUtils.Kinds.IsNormalized;

    /// <summary>The annotations of a column that the model makes.</summary>
    public static DataViewSchema.Annotations Create(ModelIdentity? model, SwanVariant variant)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (model is not null) AddText(builder, Model, $"{model.Fingerprint} {model.Name}");
        AddText(builder, Variant, variant == SwanVariant.Reference ? "reference" : "canonical");
        builder.Add(Normalized, BooleanDataViewType.Instance, (ref bool value) => value = true);
        return builder.ToAnnotations();
    }

    /// <summary>The model that made the column, or null when the column doesn't say.</summary>
    public static ModelIdentity? Read(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Model) is not { Type: TextDataViewType }) return null;
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(Model, ref value);
        string text = value.ToString();
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return space <= 0 ? null : new ModelIdentity(text[(space + 1)..], text[..space]);
    }

    private static void AddText(DataViewSchema.Annotations.Builder builder, string kind, string text) =>
        builder.Add(kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text.AsMemory());
}
