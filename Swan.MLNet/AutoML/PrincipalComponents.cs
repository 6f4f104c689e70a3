using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;

namespace Swan.MLNet.AutoML;

/// <summary>Projects embeddings to at most a given number of principal components; shorter embeddings stay as they are.</summary>
/// <remarks>
/// The components are computed here, exactly and in one pass over the data. ML.NET's own randomized computation keeps the components of
/// least variance where many are wanted (from some 120 of 257). The fitted transformers are ML.NET's own.
/// </remarks>
internal sealed class PrincipalComponents(IHostEnvironment environment, string output, string input, int atMost) : IEstimator<ITransformer>
{
    // The name of ML.NET's own parameter: its tools and tests look for it.
    private const string Parameter = "inputSchema";

    public ITransformer Fit(IDataView data)
    {
        ArgumentNullException.ThrowIfNull(data);
        EmbeddingColumn embedding = EmbeddingColumn.Find(data.Schema, input, Parameter);
        if (embedding.Size <= atMost) return new TransformsCatalog(environment).CopyColumns(output, input).Fit(data);
        var covariance = new Covariance(embedding.Size);
        using (DataViewRowCursor cursor = data.GetRowCursor([embedding.Column]))
        {
            ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(cursor.Schema[embedding.Column.Index]);
            VBuffer<float> value = default;
            float[] row = new float[embedding.Size];
            while (cursor.MoveNext())
            {
                getter(ref value);
                value.CopyTo(row);
                // The embedding of a bad row is missing.
                if (TensorPrimitives.IsFiniteAll<float>(row)) covariance.Add(row);
            }
        }
        return covariance.Count > 0
            ? LinearProjection.Create(environment, output, input, covariance.Axes(atMost), covariance.Mean())
            : throw new InvalidOperationException(
                $"No row has an embedding in the column '{input}', so there are no principal components to learn. Give rows with "
                + "embeddings.");
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        EmbeddingColumn.Check(inputSchema, input, Parameter);
        return ColumnShapes.Append(
            inputSchema, [new DataViewSchema.DetachedColumn(output, new VectorDataViewType(NumberDataViewType.Single, atMost))]);
    }
}
