using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.DataViews;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.MLNet.Transforms;

/// <summary>The columns of a SWAN search: which input fits the index, and what is added.</summary>
internal sealed record SearchColumns(string Keys, string Scores, string Input, SwanGallery Gallery, int K)
{
    // The name of ML.NET's own parameter: its tools and tests look for it.
    private const string Parameter = "inputSchema";

    /// <summary>The added columns: keys, then scores.</summary>
    public DataViewSchema.DetachedColumn[] Added() =>
    [
        new(Keys, new VectorDataViewType(TextDataViewType.Instance, K)),
        new(Scores, new VectorDataViewType(NumberDataViewType.Single, K)),
    ];

    /// <summary>Finds the input column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, of the wrong type or length, or of another model or range.</exception>
    public EmbeddingColumn Find(DataViewSchema schema)
    {
        EmbeddingColumn column = EmbeddingColumn.Find(schema, Input, Parameter);
        if (column.Size != Gallery.EmbeddingSize)
        {
            throw new ArgumentOutOfRangeException(
                Parameter,
                $"The column '{Input}' has embeddings of {column.Size} values, but the index holds embeddings of {Gallery.EmbeddingSize}. "
                + $"Embed the queries with the index's model{(Gallery.Model is null ? "" : $", {Gallery.Model}")}.");
        }
        if (!ModelIdentity.Agree(column.Model, Gallery.Model))
        {
            throw new ArgumentOutOfRangeException(
                Parameter,
                $"The column '{Input}' has embeddings of {column.Model}, but the index holds embeddings of {Gallery.Model}: "
                + $"{ModelIdentity.Consequence(column.Model, Gallery.Model)} Embed the queries with the index's model, or embed the images "
                + $"with {column.Model} and build the index again with BuildIndex. "
                + "If the two are known to be comparable, declare that with SwanIndex.ForModel.");
        }
        if (!GivenRange.Agree(column.Range, Gallery.GivenRange))
        {
            throw new ArgumentOutOfRangeException(
                Parameter,
                $"The column '{Input}' has images read with {column.Range}, but those of the index were read with {Gallery.GivenRange}: "
                + $"{GivenRange.Consequence}, or embed the images again and build the index again with BuildIndex.");
        }
        return column;
    }

    /// <summary>The same for a shape, before there is any data.</summary>
    public void Check(SchemaShape shape) => EmbeddingColumn.Check(shape, Input, Parameter);
}
