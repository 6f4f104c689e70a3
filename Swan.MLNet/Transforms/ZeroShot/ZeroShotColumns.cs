using Microsoft.ML;
using Swan.MLNet.DataViews;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.MLNet.Transforms;

/// <summary>The columns of a zero-shot classification: which input fits the classes, and what is added.</summary>
/// <param name="Label">The predicted class.</param>
/// <param name="Scores">The classes' scores.</param>
/// <param name="Input">The embeddings to classify.</param>
/// <param name="Classes">One row per class, its key the class's name.</param>
internal sealed record ZeroShotColumns(string Label, string Scores, string Input, SwanIndex Classes)
{
    // The name of ML.NET's own parameter: its tools and tests look for it.
    private const string Parameter = "inputSchema";

    /// <summary>The added columns: label, then scores.</summary>
    public DataViewSchema.DetachedColumn[] Added() =>
        [ClassColumns.KeyColumn(Label, Classes.Keys), ClassColumns.ScoreColumn(Scores, Classes.Keys)];

    /// <summary>Finds the input column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, of the wrong type or length, or of another model.</exception>
    public EmbeddingColumn Find(DataViewSchema schema)
    {
        EmbeddingColumn column = EmbeddingColumn.Find(schema, Input, Parameter);
        if (column.Size != Classes.EmbeddingSize)
        {
            throw new ArgumentOutOfRangeException(
                Parameter,
                $"The column '{Input}' has embeddings of {column.Size} values, but those of the classes have {Classes.EmbeddingSize}"
                + $"{(Classes.Model is null ? "" : $" and are of {Classes.Model}")}. Embed the images with the classes' model, "
                + "and classify its embeddings before they are reduced or joined with other features.");
        }
        if (!ModelIdentity.Agree(column.Model, Classes.Model))
        {
            throw new ArgumentOutOfRangeException(
                Parameter,
                $"The column '{Input}' has embeddings of {column.Model}, but those of the classes are of {Classes.Model}: "
                + $"{ModelIdentity.Consequence(column.Model, Classes.Model)} Give both steps the same model.");
        }
        return column;
    }

    /// <summary>The same for a shape, before there is any data.</summary>
    public void Check(SchemaShape shape) => EmbeddingColumn.Check(shape, Input, Parameter);
}
