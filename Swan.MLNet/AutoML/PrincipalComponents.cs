using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.DataViews;

namespace Swan.MLNet.AutoML;

/// <summary>Keeps at most a given number of principal components; ML.NET's own projection refuses vectors of that length or
/// shorter.</summary>
/// <remarks>
/// A search over models with embeddings of different lengths then has no trials that can't run. The fitted transformers are ML.NET's own.
/// </remarks>
internal sealed class PrincipalComponents(TransformsCatalog transforms, string output, string input, int atMost) : IEstimator<ITransformer>
{
    // The name of ML.NET's own parameter: its tools and tests look for it.
    private const string Parameter = "inputSchema";

    public ITransformer Fit(IDataView data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return EmbeddingColumn.Find(data.Schema, input, Parameter).Size <= atMost
            ? transforms.CopyColumns(output, input).Fit(data)
            : transforms.ProjectToPrincipalComponents(output, input, rank: atMost).Fit(data);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        EmbeddingColumn.Check(inputSchema, input, Parameter);
        return ColumnShapes.Append(
            inputSchema, [new DataViewSchema.DetachedColumn(output, new VectorDataViewType(NumberDataViewType.Single, atMost))]);
    }
}
