using Microsoft.ML;

namespace Swan.MLNet.DataViews;

/// <summary>An estimator's output schema, made from its transformer's columns, so the two can't differ.</summary>
internal static class ColumnShapes
{
    /// <summary>The shape of a schema.</summary>
    public static SchemaShape Create(DataViewSchema schema) => SchemaShape.Create(schema);

    /// <summary>The shape with columns added; a column of the same name is hidden, as in a data view.</summary>
    public static SchemaShape Append(SchemaShape input, IEnumerable<DataViewSchema.DetachedColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (DataViewSchema.DetachedColumn column in columns) builder.AddColumn(column.Name, column.Type, column.Annotations);
        SchemaShape added = SchemaShape.Create(builder.ToSchema());
        var names = added.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        return new SchemaShape(input.Where(c => !names.Contains(c.Name)).Concat(added));
    }

    /// <summary>A column's type in readable form, such as <c>Vector&lt;Single&gt;</c>.</summary>
    public static string Describe(SchemaShape.Column column) => column.GetTypeString();

    /// <summary>Finds a column, or null.</summary>
    public static SchemaShape.Column? Find(SchemaShape shape, string name) =>
        shape.TryFindColumn(name, out SchemaShape.Column column) ? column : null;
}
