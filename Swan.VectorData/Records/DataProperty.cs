using Swan.MLNet.Metadata;

namespace Swan.VectorData.Records;

/// <summary>A property that is kept in a column.</summary>
internal sealed class DataProperty : RecordProperty
{
    private readonly DataType _type;
    private readonly bool _takesNull;

    public DataProperty(PropertyDescription description) : base(description)
    {
        RequireWritable();
        _type = DataType.Of(ValueType) ?? throw new NotSupportedException(
            $"The property '{Name}' is of type {ValueType.Name}, which columns don't support. Use {DataType.Supported}.");
        _takesNull = ValueType != Type || !Type.IsValueType;
        string name = description.StorageName ?? Name;
        if (SwanColumn.NameFault(name) is { } fault)
        {
            throw new NotSupportedException(
                $"The property '{Name}' can't be stored under its column name: {fault} Set StorageName to another name.");
        }
        Column = new SwanColumn(name, _type.Column);
    }

    /// <summary>Where it is kept.</summary>
    public SwanColumn Column { get; }

    /// <summary>A record's value as the column keeps it; null for none.</summary>
    /// <exception cref="ArgumentException">The column couldn't give it back; the message names the property.</exception>
    public object? Kept(object record)
    {
        if (Get(record) is not { } value) return null;
        (object? kept, string? fault) = _type.Kept(value) is { } given
            ? ColumnValues.Make(Column.Type, given)
            : (null, FormattableString.Invariant($"{value} has more digits than a double can hold. Use a string, or fewer digits."));
        return fault is null ? kept : throw new ArgumentException($"The property '{Name}' can't be stored: {fault}");
    }

    /// <summary>Sets the record's property from the column; a missing value leaves a non-nullable property unchanged.</summary>
    /// <exception cref="InvalidDataException">The property's type has no such value.</exception>
    public void GiveBack(object record, object? kept)
    {
        if (kept is null)
        {
            if (_takesNull) Set(record, null);
            return;
        }
        Set(record, _type.Back(kept) ?? throw new InvalidDataException(FormattableString.Invariant(
            $"The column '{Column.Name}' has the value {kept}, which the property '{Name}' of type {ValueType.Name} can't hold exactly. ")
            + "Another program wrote it: give the property a larger type."));
    }
}
