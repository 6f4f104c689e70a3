using System.Linq.Expressions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.VectorData.Records;

/// <summary>Maps a record to an index: key, columns and embedding. Immutable; safe for concurrent use.</summary>
internal sealed class RecordModel
{
    private readonly Type _record;
    private readonly Dictionary<string, RecordProperty> _properties;

    private RecordModel(Type record, IReadOnlyList<PropertyDescription> properties, IEmbeddingGenerator? generator)
    {
        _record = record;
        Key = new KeyProperty(Single(properties, PropertyRole.Key, "VectorStoreKey"));
        Vector = new VectorProperty(Single(properties, PropertyRole.Vector, "VectorStoreVector"), generator);
        Data = [.. properties.Where(property => property.Role == PropertyRole.Data).Select(property => new DataProperty(property))];
        if (Data.GroupBy(property => property.Column.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException(
                $"The properties {string.Join(" and ", twice.Select(property => $"'{property.Name}'"))} share the column '{twice.Key}'. "
                + "Give each its own StorageName.");
        }
        _properties = new RecordProperty[] { Key, Vector }.Concat(Data).ToDictionary(property => property.Name, StringComparer.Ordinal);
        Columns = [.. Data.Select(property => property.Column)];
    }

    public KeyProperty Key { get; }

    public IReadOnlyList<DataProperty> Data { get; }

    public VectorProperty Vector { get; }

    /// <summary>Where <see cref="Data"/> is kept.</summary>
    public IReadOnlyList<SwanColumn> Columns { get; }

    /// <summary>The generator's model, if it names one and its embeddings match the record's; null: unknown.</summary>
    public ModelIdentity? EmbeddingModel => Vector.Generator?.GetService(typeof(ModelCard)) is ModelCard card
        && (!Vector.IsNative || card.EmbeddingSize == Vector.Dimensions) ? card.Identity : null;

    /// <summary>Reads what attributes and a definition say of a type.</summary>
    /// <exception cref="InvalidOperationException">Something is missing or contradicts itself; the message names the property.</exception>
    /// <exception cref="NotSupportedException">An index doesn't support it; the message names the property.</exception>
    public static RecordModel Of(Type record, Type key, VectorStoreCollectionDefinition? definition, IEmbeddingGenerator? generator)
    {
        bool isDynamic = record == typeof(Dictionary<string, object?>);
        if (!isDynamic && (record.IsAbstract || record.GetConstructor(Type.EmptyTypes) is null))
            throw new NotSupportedException($"{record.Name} has no public parameterless constructor, so records can't be read back.");
        var model = new RecordModel(
            record, isDynamic ? PropertyReader.ReadDynamic(definition) : PropertyReader.Read(record, definition),
            definition?.EmbeddingGenerator ?? generator);
        return key == model.Key.Type || key == typeof(object) ? model : throw new InvalidOperationException(
            $"The collection has keys of type {key.Name}, but the record's key '{model.Key.Name}' is of type {model.Key.Type.Name}.");
    }

    /// <summary>The settings of a new index for such records.</summary>
    public SwanIndexSettings Settings() =>
        new(Vector.Dimensions) { Model = EmbeddingModel, Columns = Columns, Scan = Vector.Scan };

    /// <summary>Why an index can't hold such records, even with added columns; null if it can.</summary>
    public string? Misfit(SwanGallery index)
    {
        if (index.EmbeddingSize != Vector.Dimensions)
        {
            return $"It holds embeddings of {index.EmbeddingSize:N0} values, but the vector '{Vector.Name}' has {Vector.Dimensions:N0} "
                + "dimensions.";
        }
        if (!ModelIdentity.Agree(index.Model, EmbeddingModel))
            return $"It holds embeddings of {index.Model}, but the generator's are of {EmbeddingModel}: their scores would be meaningless.";
        foreach (DataProperty property in Data)
        {
            if (index.Columns.FirstOrDefault(column => column.Name == property.Column.Name) is { } column && column != property.Column)
                return $"Its column {column} has another type than the property '{property.Name}', which is stored as {property.Column}.";
        }
        return null;
    }

    /// <summary>The columns that an index doesn't have yet.</summary>
    public IEnumerable<SwanColumn> Missing(IReadOnlyList<SwanColumn> columns) => Columns.Except(columns);

    /// <summary>A record as a row's values.</summary>
    /// <exception cref="ArgumentException">A column can't keep a value.</exception>
    public Dictionary<string, object?> ValuesOf(object record)
    {
        var values = new Dictionary<string, object?>(Data.Count, StringComparer.Ordinal);
        foreach (DataProperty property in Data) values.Add(property.Column.Name, property.Kept(record));
        return values;
    }

    /// <summary>A row as a record.</summary>
    /// <exception cref="InvalidDataException">The row has what a property can't hold.</exception>
    public object RecordOf(SwanRow row, bool includeVector)
    {
        object record = Activator.CreateInstance(_record)!;
        Key.Set(record, Key.ValueOf(row.Key));
        foreach (DataProperty property in Data) property.GiveBack(record, row.Values.GetValueOrDefault(property.Column.Name));
        if (includeVector && Vector.IsNative) Vector.GiveBack(record, row.Embedding);
        return record;
    }

    /// <summary>The property that an expression such as <c>r =&gt; r.Region</c> names.</summary>
    /// <exception cref="NotSupportedException">It names none.</exception>
    public RecordProperty Selected(LambdaExpression selector)
    {
        Expression body = selector.Body;
        while (body is UnaryExpression { NodeType: ExpressionType.Convert } converted) body = converted.Operand;
        string? name = body switch
        {
            MemberExpression { Expression: ParameterExpression } member => member.Member.Name,
            MethodCallExpression { Method.Name: "get_Item", Object: ParameterExpression, Arguments: [ConstantExpression argument] } =>
                argument.Value as string,
            _ => null,
        };
        return name is null
            ? throw new NotSupportedException($"'{selector}' doesn't name a property: expected r => r.Property, or r => r[\"Property\"].")
            : Property(name);
    }

    /// <summary>A property by its name.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public RecordProperty Property(string name) => _properties.GetValueOrDefault(name) ?? throw new NotSupportedException(
        $"The collection has no property '{name}'. It has {string.Join(", ", _properties.Keys.Select(known => $"'{known}'"))}.");

    private static PropertyDescription Single(IReadOnlyList<PropertyDescription> properties, PropertyRole role, string attribute)
    {
        PropertyDescription[] found = [.. properties.Where(property => property.Role == role)];
        if (found.Length == 1) return found[0];
        if (role == PropertyRole.Vector && found.Length > 1)
        {
            throw new NotSupportedException(
                $"The record has {found.Length} vectors: {string.Join(", ", found.Select(property => $"'{property.Name}'"))}. An index "
                + "holds one; use a collection for each.");
        }
        throw new InvalidOperationException(
            $"The record has {found.Length} properties with the attribute {attribute}, or of that kind in the definition; expected 1.");
    }
}
