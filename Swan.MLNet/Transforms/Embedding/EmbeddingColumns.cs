using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Swan.MLNet.DataViews;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Transforms;

/// <summary>The columns of a SWAN embedding: which input fits, and what is added.</summary>
/// <param name="Output">The embedding's name.</param>
/// <param name="Input">The name of the column that is embedded.</param>
/// <param name="Error">The name of the column with the reason for a missing embedding, or null.</param>
/// <param name="Card">The model.</param>
/// <param name="Range">How images are read; null for captions.</param>
internal sealed record EmbeddingColumns(string Output, string Input, string? Error, ModelCard Card, GivenRange? Range)
{
    // The name of ML.NET's own parameter: its tools and tests look for it.
    private const string Parameter = "inputSchema";

    /// <summary>The added columns: the embedding, whose annotations name the model and the range, and the error.</summary>
    public DataViewSchema.DetachedColumn[] Added() => Added(Output, Error, Card.EmbeddingSize, Card.Identity, Card.Variant, Range);

    /// <summary>The same, also of a model that is still to be trained.</summary>
    public static DataViewSchema.DetachedColumn[] Added(
        string output, string? error, int embeddingSize, ModelIdentity? model, SwanVariant variant, GivenRange? range)
    {
        var embedding = new DataViewSchema.DetachedColumn(
            output, new VectorDataViewType(NumberDataViewType.Single, embeddingSize), ModelAnnotation.Create(model, variant, range));
        return error is null ? [embedding] : [embedding, new DataViewSchema.DetachedColumn(error, TextDataViewType.Instance)];
    }

    /// <summary>Finds the input column and what it holds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of the wrong type.</exception>
    public (DataViewSchema.Column Column, SwanInput Holds) Find(DataViewSchema schema, SwanInput asked)
    {
        ArgumentNullException.ThrowIfNull(schema);
        DataViewSchema.Column column = schema.GetColumnOrNull(Input) ?? throw NotFound(schema.Where(c => !c.IsHidden).Select(c => c.Name));
        return (column, Holds(column.Type, column.Type.ToString()!, asked));
    }

    /// <summary>The same for a shape, before there is any data.</summary>
    public SwanInput Find(SchemaShape shape, SwanInput asked)
    {
        ArgumentNullException.ThrowIfNull(shape);
        SchemaShape.Column column = ColumnShapes.Find(shape, Input) ?? throw NotFound(shape.Select(c => c.Name));
        string found = column.GetTypeString();
        bool scalar = column.Kind == SchemaShape.Column.VectorKind.Scalar && !column.IsKey;
        bool bytes = column.Kind != SchemaShape.Column.VectorKind.Scalar && column.ItemType == NumberDataViewType.Byte && !column.IsKey;
        return Holds(scalar ? column.ItemType : bytes ? new VectorDataViewType(NumberDataViewType.Byte) : null, found, asked);
    }

    private SwanInput Holds(DataViewType? type, string found, SwanInput asked) => (asked, type) switch
    {
        (SwanInput.Auto or SwanInput.ImagePath, TextDataViewType) => SwanInput.ImagePath,
        (SwanInput.Auto or SwanInput.Image, ImageDataViewType) => SwanInput.Image,
        (SwanInput.Auto or SwanInput.ImageBytes, VectorDataViewType vector) when vector.ItemType == NumberDataViewType.Byte
            => SwanInput.ImageBytes,
        (SwanInput.Caption, TextDataViewType) => SwanInput.Caption,
        _ => throw new ArgumentOutOfRangeException(
            Parameter, $"The input column '{Input}' is {found}; expected {Expected(asked)}. {Remedy(asked)}"),
    };

    private static string Expected(SwanInput asked) => asked switch
    {
        SwanInput.Image => "an Image",
        SwanInput.ImagePath => "String (the path of an image file)",
        SwanInput.ImageBytes => "a vector of Byte (an encoded image)",
        SwanInput.Caption => "String (a caption)",
        _ => "String (the path of an image file), a vector of Byte (an encoded image) or an Image",
    };

    private static string Remedy(SwanInput asked) => asked == SwanInput.Caption
        ? "Name the column that holds the captions."
        : "Name the column that holds the image paths or images, or set Input = SwanInput.Caption to embed captions.";

    private ArgumentOutOfRangeException NotFound(IEnumerable<string> names) =>
        new(Parameter,
            $"There is no input column '{Input}'; the data has {string.Join(", ", names)}. Columns are named output first, input second.");
}
