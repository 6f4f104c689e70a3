using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Models;

namespace Swan.MLNet.Interop;

/// <summary>An embedding column says which model made it, so that an index and queries of different models refuse each other.</summary>
internal static class ModelAnnotation
{
    // Text: the fingerprint, a space, the name.
    private const string Kind = "SwanModel";

    /// <summary>The annotations of a column that the model makes.</summary>
    public static DataViewSchema.Annotations? Of(ModelIdentity? model)
    {
        if (model is null) return null;
        ReadOnlyMemory<char> text = $"{model.Fingerprint} {model.Name}".AsMemory();
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(Kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text);
        return builder.ToAnnotations();
    }

    /// <summary>The model that made the column, or null when the column doesn't say.</summary>
    public static ModelIdentity? Read(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Kind) is not { Type: TextDataViewType }) return null;
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(Kind, ref value);
        string text = value.ToString();
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return space <= 0 ? null : new ModelIdentity(text[(space + 1)..], text[..space]);
    }
}
