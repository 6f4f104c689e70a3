using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.DataViews;

/// <summary>A column of embeddings that some earlier step made: Vector&lt;Single, D&gt; of a known length D.</summary>
/// <param name="Column">The column.</param>
/// <param name="Size">D.</param>
/// <param name="Model">The model that made it, or null when the column doesn't say.</param>
/// <param name="Range">How its images were read, or null when the column doesn't say, such as one of captions.</param>
internal sealed record EmbeddingColumn(DataViewSchema.Column Column, int Size, ModelIdentity? Model, GivenRange? Range)
{
    /// <summary>Finds the column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or holds something else.</exception>
    public static EmbeddingColumn Find(DataViewSchema schema, string name, string parameter)
    {
        ArgumentNullException.ThrowIfNull(schema, parameter);
        DataViewSchema.Column column = Columns.Find(schema, name, parameter);
        return column.Type is VectorDataViewType { Size: > 0, Dimensions.Length: 1 } vector && vector.ItemType == NumberDataViewType.Single
            ? new EmbeddingColumn(column, vector.Size, ModelAnnotation.Read(column), ModelAnnotation.ReadRange(column))
            : throw Unfit(name, column.Type.ToString()!, parameter);
    }

    /// <summary>Checks the same of a shape, as far as a shape tells.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or holds something else.</exception>
    public static void Check(SchemaShape shape, string name, string parameter)
    {
        ArgumentNullException.ThrowIfNull(shape, parameter);
        SchemaShape.Column column = ColumnShapes.Find(shape, name) ?? throw Columns.NotFound(name, shape.Select(c => c.Name), parameter);
        if (column.Kind != SchemaShape.Column.VectorKind.Vector || column.ItemType != NumberDataViewType.Single || column.IsKey)
            throw Unfit(name, column.GetTypeString(), parameter);
    }

    /// <summary>Reads the value of the row that the cursor stands on, zeros included where it is sparse.</summary>
    public Action<Span<float>> Reader(DataViewRow row)
    {
        ValueGetter<VBuffer<float>> getter = row.GetGetter<VBuffer<float>>(Column);
        VBuffer<float> value = default;
        return destination =>
        {
            getter(ref value);
            value.CopyTo(destination);
        };
    }

    private static ArgumentOutOfRangeException Unfit(string name, string found, string parameter) =>
        new(parameter,
            $"The column '{name}' is {found}; expected embeddings: a Vector<Single, D> of known length, as SwanEmbedding adds it. "
            + "Name the column that holds the embeddings.");
}
